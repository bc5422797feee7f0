import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'
import { Barrier, openSocket } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'

const TASKS = 100

/** Deals out a hundred tasks when all workers are there, since the first of them would take all otherwise. */
export default async function taskvent(role: Role): Promise<void> {
  // What was sent outlives the sockets for so many milliseconds.
  await using workers = await openSocket('PUSH', { linger: 10_000 })
  await using sink = await openSocket('PUSH', { linger: 1_000 })
  await workers.bind(endpoint(role, 5557))
  await sink.connect(endpoint(role, 5558))
  role.ready()

  await workersHaveCome(role, () => workers.send('0'))

  if (hasSink(role)) await sink.send('0')
  for (let task = 1; task <= TASKS; task++) await workers.send(`${randomInt(1, 101)}`)
  console.log(`taskvent: sent ${TASKS} tasks`)
}

/** Where a single program reads the tasks there is no sink, and the message would wait for one. */
function hasSink(role: Role): boolean {
  return !stageOf(role).isWhole || stageOf(role).workers !== undefined
}

/**
 * Workers that know of the barrier meet there when a task of 0, which is no work, has reached them; for others a person
 * must press Enter.
 */
async function workersHaveCome(role: Role, greet: () => Promise<void>): Promise<void> {
  const { barrier, isWhole, workers } = stageOf(role)
  if (barrier !== undefined && workers !== undefined) {
    const all = { haveCome: false }
    const coming = new Barrier(workers + 1, barrier).arrive(role.stopping).then(() => (all.haveCome = true))
    while (!all.haveCome && !role.stopping.aborted) {
      await greet()
      await turn()
    }
    await coming
  } else if (!isWhole) {
    console.log('taskvent: press Enter when the workers are ready')
    const keyboard = createInterface({ input: process.stdin })
    await Promise.race([once(keyboard, 'line', { signal: role.stopping }), once(keyboard, 'close')])
    keyboard.close()
  }
}
