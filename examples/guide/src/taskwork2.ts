import assert from 'node:assert/strict'
import { Barrier, openSocket, Poller, signalSource } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { subscribeByName } from './subscribers.js'
import { work } from './work.js'

/** Works as taskwork does, until the sink says that it is over. */
export default async function taskwork2(role: Role): Promise<void> {
  await using tasks = await openSocket('PULL')
  await using sink = await openSocket('PUSH', { linger: 1_000 })
  await using control = await openSocket('SUB')
  await tasks.connect(endpoint(role, 5557))
  await sink.connect(endpoint(role, 5558))
  await subscribeByName(control, 'KILL')
  await control.connect(endpoint(role, 5559))
  role.ready()

  const { barrier, isWhole, workers = 1 } = stageOf(role)
  let start = barrier === undefined ? undefined : new Barrier(workers + 1, barrier)
  let done = 0

  for await (const source of new Poller().add(tasks).add(control).add(signalSource(role.stopping))) {
    if (source !== tasks) break
    const [task] = await tasks.receive()
    if (String(task) === '0') {
      await start?.arrive(role.stopping)
      start = undefined
      continue
    }
    work(Number(task))
    await sink.send('')
    done += 1
  }
  if (isWhole) assert.equal(String(await control.receive({ signal: role.stopping })), 'KILL')
  console.log(`taskwork2: did ${done} tasks, then received the signal to end`)
}
