import assert from 'node:assert/strict'
import { freshEndpoint, openSocket, startThread } from '@zera/core'
import type { Role } from './stage.js'

/**
 * Three threads hand on a signal: step 1 to step 2, step 2 to step 3. Each one binds before the thread that connects to
 * it is started.
 */
export default async function mtrelay(role: Role): Promise<void> {
  role.ready()
  await using end = await openSocket('PAIR')
  const toStep3 = await end.bind(freshEndpoint('step-3'))
  const toStep2 = freshEndpoint('step-2')

  const step = new URL('./mtrelay-step.js', import.meta.url)
  await using step2 = await startThread(step, { name: 'step 2', data: { from: toStep2, to: toStep3 } })
  await using step1 = await startThread(step, { name: 'step 1', data: { to: toStep2 } })

  const [signal] = await end.receive({ signal: role.stopping })
  assert.equal(String(signal), 'READY')
  assert.equal((await step1.down).reason, 'stopped')
  assert.equal((await step2.down).reason, 'stopped')
  console.log('mtrelay: step 3 got READY from step 2, which got it from step 1')
}
