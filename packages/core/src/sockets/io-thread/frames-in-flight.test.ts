import { expect, test } from 'vitest'
import { FramesInFlight } from './frames-in-flight.js'

test('FramesInFlight.released() waits for frames that are still held, and for no longer', async () => {
  const inFlight = new FramesInFlight()
  const held: Buffer[] = [Buffer.alloc(1000)]
  inFlight.add([...held, Buffer.alloc(1000), Buffer.alloc(100), 'text'])

  const startedAt = performance.now()
  await inFlight.released(50)
  const heldMs = performance.now() - startedAt
  held.length = 0
  await inFlight.released(Infinity)

  expect(heldMs).toBeGreaterThanOrEqual(50)
})

test('FramesInFlight.released() resolves at once when only small frames were sent', async () => {
  const inFlight = new FramesInFlight()
  const small = [Buffer.alloc(128), 'text of any length'.repeat(100)]
  inFlight.add(small)

  await inFlight.released(Infinity)

  expect(small).toHaveLength(2)
})
