import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addedSince,
  bucketOf,
  BUCKETS,
  endOfBucket,
  histogramOf,
  NOTHING_TIMED,
  quantileOf,
  sumOf,
  type Histogram,
} from './histogram.js'

function timed(durations: readonly number[]): Histogram {
  const buckets = Array.from({ length: BUCKETS }, () => 0)
  for (const ms of durations) buckets[bucketOf(ms)]! += 1
  return histogramOf({
    count: durations.length,
    sumMs: durations.reduce((sum, ms) => sum + ms, 0),
    maxMs: Math.max(0, ...durations),
    buckets,
  })
}

const MEASURABLE = { min: 0.001, max: 200_000, noNaN: true } as const

describe('bucketOf()', () => {
  test('is one bucket after the other, each a quarter wide at most', () => {
    for (let bucket = 0; bucket < BUCKETS - 1; bucket++) {
      const end = endOfBucket(bucket)
      expect([bucketOf(end * 0.999_999), bucketOf(end)]).toEqual([bucket, bucket + 1])
      if (bucket > 4) expect(end / endOfBucket(bucket - 1)).toBeLessThanOrEqual(1.250_001)
    }
  })

  test.each([
    ['nothing', 0, 0],
    ['less than nothing, after a clock was set back', -5, 0],
    ['days', 1e9, BUCKETS - 1],
    ['for ever', Infinity, BUCKETS - 1],
  ])('has a bucket for %s', (_what, ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket)
  })
})

describe('quantileOf()', () => {
  test('is right to a quarter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(MEASURABLE), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.9, 0.99, 1),
        (durations, share) => {
          const sorted = durations.toSorted((a, b) => a - b)
          const exact = sorted[Math.ceil(durations.length * share) - 1] as number

          const quantile = quantileOf(timed(durations), share)

          expect(quantile).toBeGreaterThanOrEqual(exact * 0.8 - 0.001)
          expect(quantile).toBeLessThanOrEqual(exact * 1.25 + 0.001)
        },
      ),
    )
  })

  test('is nothing of nothing', () => {
    expect(quantileOf(NOTHING_TIMED, 0.99)).toBe(0)
  })
})

describe('addedSince()', () => {
  test('is what came between two readings', () => {
    fc.assert(
      fc.property(fc.array(fc.double(MEASURABLE)), fc.array(fc.double(MEASURABLE)), (before, after) => {
        const added = addedSince(timed([...before, ...after]), timed(before))
        const expected = timed(after)

        expect(added.buckets).toEqual(expected.buckets)
        expect(added.count).toBe(expected.count)
        expect(added.maxMs).toBeGreaterThanOrEqual(expected.maxMs)
        expect(added.maxMs).toBeLessThanOrEqual(expected.maxMs * 1.25 + 0.001)
      }),
    )
  })

  test('never is less than nothing, when the later reading is of another thread', () => {
    expect(addedSince(NOTHING_TIMED, timed([1, 2]))).toMatchObject({ count: 0, sumMs: 0, maxMs: 0 })
  })
})

describe('sumOf()', () => {
  test('is as if all had been in one', () => {
    fc.assert(
      fc.property(fc.array(fc.double(MEASURABLE)), fc.array(fc.double(MEASURABLE)), (some, others) => {
        const sum = sumOf(timed(some), timed(others))

        expect({ ...sum, sumMs: 0 }).toEqual({ ...timed([...some, ...others]), sumMs: 0 })
      }),
    )
  })
})
