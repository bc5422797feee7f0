import assert from 'node:assert/strict'
import { Barrier, openSocket } from '@zera/core'
import { endpoint, received, stageOf, type Role } from './stage.js'
import { work } from './work.js'

/** Takes tasks from the ventilator, and tells the sink of each one that is done. */
export default async function taskwork(role: Role): Promise<void> {
  await using tasks = await openSocket('PULL')
  await using sink = await openSocket('PUSH', { linger: 1_000 })
  await tasks.connect(endpoint(role, 5557))
  await sink.connect(endpoint(role, 5558))
  role.ready()

  const { barrier, isWhole, workers = 1 } = stageOf(role)
  let start = barrier === undefined ? undefined : new Barrier(workers + 1, barrier)
  let done = 0

  for await (const [task] of received(tasks, role.stopping)) {
    if (String(task) === '0') {
      await start?.arrive(role.stopping)
      start = undefined
      continue
    }
    work(Number(task))
    await sink.send('')
    done += 1
  }
  if (isWhole) assert.ok(done > 0, 'this worker got no task')
  console.log(`taskwork: did ${done} tasks`)
}
