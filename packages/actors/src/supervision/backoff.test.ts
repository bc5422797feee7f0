import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../random.js'
import { NO_STREAK, planBackoff, type Backoff } from './backoff.js'

const backoff: Backoff = { firstMs: 100, factor: 2, maxMs: 1000 }
/** A chance that always comes out highest. */
const highest = { next: () => 1 - Number.EPSILON }

describe('planBackoff()', () => {
  test('doubles the bound with each restart in a row, up to the cap', () => {
    const bounds = [0, 1, 2, 3, 4, 50].map(restarts => Math.round(planBackoff(backoff, { restarts, endedAt: 0 }, 10, highest).waitMs))

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
    const waits = Array.from({ length: 1000 }, () => planBackoff(backoff, { restarts: 2, endedAt: 0 }, 0, random).waitMs)

    const average = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(Math.abs(average - 200)).toBeLessThan(20)
  })
})
