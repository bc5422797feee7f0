import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TokenBuckets } from './token-buckets.js'

describe('TokenBuckets.take()', () => {
  test('allows a burst, then as many as come back, and says when there will be one', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 2 }, 10)

    expect([0, 0, 0].map(() => buckets.take('a', 0).retryMs)).toEqual([0, 0, 100])
    expect([99, 100, 101].map(nowMs => buckets.take('a', nowMs).retryMs)).toEqual([
      expect.closeTo(1),
      0,
      expect.closeTo(99),
    ])
    expect(buckets.take('b', 101).retryMs).toBe(0)
  })

  test('tells a few refusals, and then none until time has passed', () => {
    const buckets = new TokenBuckets({ perSecond: 0.001, burst: 1 }, 10)
    const told = (times: number, nowMs: number): number =>
      Array.from({ length: times }, () => buckets.take('a', nowMs)).filter(
        ({ retryMs, isTold }) => retryMs > 0 && isTold,
      ).length

    buckets.take('a', 0)

    expect([told(1000, 0), told(1000, 999), told(1000, 3000)]).toEqual([16, 0, 3])
  })

  test('forgets a client only when its bucket is full again; till then new ones share one', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, 2)
    const retryMs = (client: string, nowMs: number): number => buckets.take(client, nowMs).retryMs

    expect(['a', 'a', 'b', 'b'].map(client => retryMs(client, 0))).toEqual([0, 0, 0, 0])
    expect(['c', 'd', 'e', 'a', 'b'].map(client => retryMs(client, 0))).toEqual([0, 0, 1000, 1000, 1000])
    expect(buckets.size).toBe(2)
    expect(['f', 'f', 'f'].map(client => retryMs(client, 5000))).toEqual([0, 0, 1000])
    expect([retryMs('b', 5000), buckets.size]).toEqual([0, 2])
  })

  test('never allows more than burst + time × rate to each that it remembers and to one more, under any number of names', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.tuple(fc.nat(200), fc.nat(5)), { maxLength: 100 }),
        (burst, perSecond, asks) => {
          const buckets = new TokenBuckets({ perSecond, burst }, 2)
          let [nowMs, allowed] = [0, 0]
          for (const [pauseMs, name] of asks) {
            nowMs += pauseMs
            if (buckets.take(String(name), nowMs).retryMs === 0) allowed += 1
          }
          // Two that it remembers, and one that all others share; each has at most what a bucket has.
          expect(allowed).toBeLessThanOrEqual(3 * (burst + (nowMs / 1000) * perSecond) + 1e-6)
        },
      ),
    )
  })
})
