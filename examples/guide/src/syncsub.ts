import assert from 'node:assert/strict'
import { openSocket } from '@zera/core'
import { meetAtBarrier } from '@zera/devices'
import { endpoint, received, type Role } from './stage.js'

const UPDATES = 1_000_000

/** Tells the publisher that it receives, and counts the updates until the end. */
export default async function syncsub(role: Role): Promise<void> {
  await using subscriber = await openSocket('SUB')
  await subscriber.subscribe('')
  await subscriber.connect(endpoint(role, 5561))
  role.ready()

  await meetAtBarrier(subscriber, { barrier: endpoint(role, 5562), signal: role.stopping })

  let updates = 0
  for await (const frames of received(subscriber, role.stopping)) {
    if (frames[0]?.equals(Buffer.from('END')) === true) break
    updates += frames.length
  }
  assert.equal(updates, UPDATES)
  console.log(`syncsub: received ${updates} updates, lost 0`)
}
