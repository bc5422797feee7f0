/**
 * Buckets of a histogram of durations: four for each doubling, from 128 nanoseconds up to four and a half minutes. A
 * duration and the bounds of its bucket differ by a quarter at most. The last bucket has all that took longer, the
 * first one all that took less.
 */
export const BUCKETS = 120

/** Bits of a doubling that choose one of its buckets. */
const BITS = 2
const SHARES = 1 << BITS
/** Of 128 nanoseconds. */
const UNITS_IN_MS = 1e6 / 128
const MOST_UNITS = 2 ** 31 - 1

/** The bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
  const units = Math.min(MOST_UNITS, ms * UNITS_IN_MS) | 0
  // The first units have a bucket each; a clock that was set back gives none.
  if (units < SHARES) return units < 0 ? 0 : units
  const doublings = 31 - Math.clz32(units) - BITS
  return (doublings + 1) * SHARES + ((units >> doublings) & (SHARES - 1))
}

/** The least duration, in milliseconds, that is too long for a bucket. */
export function endOfBucket(bucket: number): number {
  return startOfBucket(bucket + 1)
}

function startOfBucket(bucket: number): number {
  if (bucket < SHARES) return bucket / UNITS_IN_MS
  const doublings = (bucket >> BITS) - 1
  return ((SHARES + (bucket & (SHARES - 1))) * 2 ** doublings) / UNITS_IN_MS
}

/** How long something took, for many times, in milliseconds. Plain data. */
export interface Histogram {
  /** How many there were. */
  readonly count: number
  readonly sumMs: number
  /** What half of them stayed below, to a quarter. */
  readonly p50Ms: number
  /** Nine of ten. */
  readonly p90Ms: number
  /** 99 of 100. */
  readonly p99Ms: number
  /** The longest. */
  readonly maxMs: number
  /**
   * How many fell into each bucket. Four are a doubling, from 128 ns up to four and a half minutes; the last one has
   * all that took longer.
   */
  readonly buckets: readonly number[]
}

/** What is counted; the rest follows from it. */
type Counts = Pick<Histogram, 'count' | 'sumMs' | 'maxMs' | 'buckets'>

/** A histogram of what was counted. */
export function histogramOf({ count, sumMs, maxMs, buckets }: Counts): Histogram {
  const below = (share: number): number => quantileOf({ count, maxMs, buckets }, share)
  return { count, sumMs, p50Ms: below(0.5), p90Ms: below(0.9), p99Ms: below(0.99), maxMs, buckets }
}

/** One that has nothing yet. */
export const NOTHING_TIMED: Histogram = {
  count: 0,
  sumMs: 0,
  p50Ms: 0,
  p90Ms: 0,
  p99Ms: 0,
  maxMs: 0,
  buckets: Array.from({ length: BUCKETS }, () => 0),
}

/** Two of the same, as one. */
export function sumOf(a: Histogram, b: Histogram): Histogram {
  return histogramOf({
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
    buckets: a.buckets.map((count, at) => count + (b.buckets[at] ?? 0)),
  })
}

/**
 * What was added to one since an earlier reading of it. Its `maxMs` is the end of the highest bucket that grew, or the
 * longest of all, when that is less.
 */
export function addedSince(now: Histogram, earlier: Histogram): Histogram {
  const buckets = now.buckets.map((count, at) => Math.max(0, count - (earlier.buckets[at] ?? 0)))
  const highest = buckets.findLastIndex(count => count > 0)
  return histogramOf({
    count: Math.max(0, now.count - earlier.count),
    sumMs: Math.max(0, now.sumMs - earlier.sumMs),
    maxMs: highest < 0 ? 0 : Math.min(now.maxMs, endOfBucket(highest)),
    buckets,
  })
}

/**
 * The duration, in milliseconds, that a share of all stayed below: 0.5 for the median. It is right to a quarter, and 0
 * when there were none.
 *
 * @param share From 0 to 1.
 */
export function quantileOf({ count, buckets, maxMs }: Omit<Counts, 'sumMs'>, share: number): number {
  const wanted = count * share
  let below = 0
  for (const [bucket, inside] of buckets.entries()) {
    if (inside > 0 && below + inside >= wanted) {
      const start = startOfBucket(bucket)
      return Math.min(maxMs, start + ((wanted - below) / inside) * (endOfBucket(bucket) - start))
    }
    below += inside
  }
  return maxMs
}
