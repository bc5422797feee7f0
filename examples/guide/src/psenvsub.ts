import assert from 'node:assert/strict'
import { openSocket, unwrapPublication } from '@zera/core'
import { endpoint, received, stageOf, type Role } from './stage.js'

/** Opens the envelopes with the key B, and sees no others. */
export default async function psenvsub(role: Role): Promise<void> {
  await using subscriber = await openSocket('SUB')
  await subscriber.subscribe('B')
  await subscriber.connect(endpoint(role, 5563))
  role.ready()

  let envelopes = 0
  for await (const frames of received(subscriber, role.stopping)) {
    const { key, data } = unwrapPublication(frames)
    assert.equal(String(key), 'B')
    console.log(`psenvsub: [${String(key)}] ${String(data)}`)
    envelopes += 1
    if (stageOf(role).isWhole && envelopes === 10) break
  }
  console.log(`psenvsub: ${envelopes} envelopes, all of B`)
}
