import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageAges } from './message-ages.js'

const LOOK_MS = 1000

test('MessageAges are those of the oldest message, to one look', () => {
  const steps = fc.array(
    fc.record({ sends: fc.nat(20), settles: fc.nat(25), ms: fc.integer({ min: 1, max: LOOK_MS }) }),
    {
      maxLength: 200,
    },
  )
  fc.assert(
    fc.property(steps, taken => {
      const ages = new MessageAges()
      const waiting: number[] = []
      let [now, sent, settled] = [0, 0, 0]
      for (const { sends, settles, ms } of taken) {
        const before = now
        now += ms
        for (let message = 0; message < sends; message++) waiting.push(before)
        settled += waiting.splice(0, settles).length
        sent += sends

        const age = ages.look(sent, settled, now)

        const oldest = waiting[0]
        if (oldest === undefined) expect(age).toBe(0)
        else {
          expect(age).toBeLessThanOrEqual(now - oldest)
          expect(age).toBeGreaterThanOrEqual(now - oldest - LOOK_MS)
        }
      }
    }),
  )
})

test('MessageAges begin anew with a link that takes the place of another', () => {
  const ages = new MessageAges()
  ages.look(50, 0, 0)

  expect([ages.look(3, 0, 5000), ages.look(3, 0, 6000)]).toEqual([0, 1000])
})

test('MessageAges of a receiver that does nothing for an hour take little memory, and grow with it', () => {
  const ages = new MessageAges()
  let age = 0
  for (let look = 0; look <= 3600; look++) age = ages.look(10 + look, 3, look * LOOK_MS)

  expect(age).toBe(3_600_000)
})
