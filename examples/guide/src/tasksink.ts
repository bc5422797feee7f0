import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { endpoint, type Role } from './stage.js'

const TASKS = 100

/** Waits for the start of the batch and for the end of each task, and says how long all took. */
export default async function tasksink(role: Role): Promise<void> {
  await using results = await openSocket('PULL')
  await results.bind(endpoint(role, 5558))
  role.ready()

  const [start] = await results.receive({ signal: role.stopping })
  assert.equal(String(start), '0')
  const startedAt = performance.now()
  for (let done = 0; done < TASKS; done++) await results.receive({ signal: role.stopping })

  console.log(`tasksink: ${TASKS} of ${TASKS} tasks done in ${Math.round(performance.now() - startedAt)} ms`)
}
