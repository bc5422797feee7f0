import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../time/random.js'
import { NO_STREAK, paceOf, planBackoff, type Pace } from './backoff.js'

const backoff: Pace = paceOf({ firstMs: 100, factor: 2, maxMs: 1000 }, { maxRestarts: Infinity, periodMs: 5000 })
/** A chance that always comes out highest. */
const highest = { next: () => 1 - Number.EPSILON }

describe('planBackoff()', () => {
  test('doubles the bound with each restart in a row, up to the cap', () => {
    const bounds = [0, 1, 2, 3, 4, 50].map(restarts =>
      Math.round(planBackoff(backoff, { restarts, endedAt: 0 }, 10, highest).waitMs),
    )

    expect(bounds).toEqual([100, 200, 400, 800, 1000, 1000])
  })

  test('counts restarts in a row, and begins anew when the child has run for as long as the cap', () => {
    expect(planBackoff(backoff, NO_STREAK, 0, highest)).toMatchObject({ restarts: 1 })
    expect(planBackoff(backoff, { restarts: 3, endedAt: 500 }, 1499, highest)).toMatchObject({ restarts: 4 })
    expect(planBackoff(backoff, { restarts: 3, endedAt: 500 }, 1500, highest)).toMatchObject({ restarts: 1 })
  })

  test('waits any time from 0 to the bound', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.integer(), (restarts, seed) => {
        const { waitMs } = planBackoff(backoff, { restarts, endedAt: 0 }, 0, seededRandom(seed))

        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThan(Math.min(1000, 100 * 2 ** restarts))
      }),
    )
  })

  test('spreads waits evenly', () => {
    const random = seededRandom(1)
    const waits = Array.from(
      { length: 1000 },
      () => planBackoff(backoff, { restarts: 2, endedAt: 0 }, 0, random).waitMs,
    )

    const average = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(Math.abs(average - 200)).toBeLessThan(20)
  })
})

describe('paceOf()', () => {
  /** The longest waits of so many failures in a row, each as soon as it is started. */
  function waits(pace: Pace, failures: number): number[] {
    let [streak, now] = [NO_STREAK, 0]
    return Array.from({ length: failures }, () => {
      const { waitMs, restarts } = planBackoff(pace, streak, now, highest)
      now += waitMs
      streak = { restarts, endedAt: now }
      return Math.round(waitMs)
    })
  }

  test('restarts at once by default, then later and later, up to some seconds', () => {
    expect(waits(paceOf(undefined, { maxRestarts: Infinity, periodMs: 5000 }), 12)).toEqual([
      0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000,
    ])
  })

  test('restarts at once again when the child has run for a while', () => {
    const pace = paceOf(undefined, { maxRestarts: Infinity, periodMs: 5000 })

    expect(planBackoff(pace, { restarts: 8, endedAt: 0 }, 499, highest).waitMs).toBeGreaterThan(0)
    expect(planBackoff(pace, { restarts: 8, endedAt: 0 }, 500, highest)).toEqual({ waitMs: 0, restarts: 1 })
  })

  test('waits by default no longer than the period in all, until a limit of restarts is reached', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 5000, max: 600_000 }),
        (maxRestarts, periodMs) => {
          const sum = waits(paceOf(undefined, { maxRestarts, periodMs }), maxRestarts).reduce(
            (all, wait) => all + wait,
            0,
          )

          expect(sum).toBeLessThanOrEqual(periodMs + maxRestarts)
        },
      ),
    )
  })

  test('does what is asked for from the first restart on', () => {
    const asked = { firstMs: 1, factor: 3, maxMs: 20 }

    expect(paceOf(asked, { maxRestarts: 1, periodMs: 1 })).toEqual({
      ...asked,
      immediate: 0,
      recoveredMs: 20,
      isDefault: false,
    })
    expect(waits(paceOf(asked, { maxRestarts: 1, periodMs: 1 }), 4)).toEqual([1, 3, 9, 20])
    expect(waits(paceOf({ firstMs: 0, factor: 1, maxMs: 0 }, { maxRestarts: 1, periodMs: 1 }), 3)).toEqual([0, 0, 0])
  })
})
