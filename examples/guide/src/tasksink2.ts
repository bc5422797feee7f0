import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, stageOf, type Role } from './stage.js'
import { subscriberNames } from './subscribers.js'

const TASKS = 100

/** Collects results as tasksink does, then tells all workers to end. */
export default async function tasksink2(role: Role): Promise<void> {
  await using results = await openSocket('PULL')
  await using control = await openSocket('XPUB', { linger: 1_000 })
  await results.bind(endpoint(role, 5558))
  await control.bind(endpoint(role, 5559))
  role.ready()

  const [start] = await results.receive({ signal: role.stopping })
  assert.equal(String(start), '0')
  const startedAt = performance.now()
  for (let done = 0; done < TASKS; done++) await results.receive({ signal: role.stopping })
  console.log(`tasksink2: ${TASKS} of ${TASKS} tasks done in ${Math.round(performance.now() - startedAt)} ms`)

  // A worker that has not subscribed yet would never hear of the end.
  const { workers = 0 } = stageOf(role)
  const names = subscriberNames(control, role.stopping)
  for (let known = 0; known < workers; known++) await names.next()
  await control.send('KILL')
}
