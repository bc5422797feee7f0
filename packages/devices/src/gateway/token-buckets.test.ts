import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TokenBuckets } from './token-buckets.js'

describe('TokenBuckets.take()', () => {
  test('allows a burst, then as many as come back, and says when there will be one', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 2 }, 10)

    expect([0, 0, 0].map(() => buckets.take('a', 0))).toEqual([0, 0, 100])
    expect([buckets.take('a', 99), buckets.take('a', 100), buckets.take('a', 101)]).toEqual([expect.closeTo(1), 0, expect.closeTo(99)])
    expect(buckets.take('b', 101)).toBe(0)
  })

  test('forgets the client that was seen least recently', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 2)

    for (const client of ['a', 'b', 'a', 'c']) buckets.take(client, 0)

    expect(buckets.size).toBe(2)
    expect([buckets.take('a', 0) > 0, buckets.take('b', 0)]).toEqual([true, 0])
  })

  test('never allows more than burst + time × rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100 }), fc.array(fc.nat(200), { maxLength: 100 }), (burst, perSecond, pauses) => {
        const buckets = new TokenBuckets({ perSecond, burst }, 1)
        let [nowMs, allowed] = [0, 0]
        for (const pauseMs of pauses) {
          nowMs += pauseMs
          if (buckets.take('a', nowMs) === 0) allowed += 1
        }
        expect(allowed).toBeLessThanOrEqual(burst + (nowMs / 1000) * perSecond + 1e-6)
      }),
    )
  })
})
