import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Windows } from './windows.js'

test('Windows begin as long ago as they span, or as the first reading', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 }), pauses => {
      const windows = new Windows<number>(10_000, 500)
      let now = 0
      for (const pause of pauses) {
        now += pause
        windows.add(now, now)
      }
      const { atMs, value } = windows.earliest as { atMs: number; value: number }

      expect(value).toBe(atMs)
      if (now - (pauses[0] as number) <= 10_000) expect(atMs).toBe(pauses[0])
      else expect(now - atMs).toBeGreaterThanOrEqual(10_000 - 5000)
      // A reading may come five seconds after the one before, and one that is too old is needed then.
      expect(now - atMs).toBeLessThanOrEqual(10_000 + 5000 + 500)
    }),
  )
})

test('Windows have no beginning before the first reading', () => {
  expect(new Windows(10, 1).earliest).toBeUndefined()
})
