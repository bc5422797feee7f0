import { describe, expect, test } from 'vitest'
import { isSameResult, type Pass, renderCheck, renderSpeed } from './comparison.js'
import { emptyTotals, type Totals } from './totals.js'

const totals: Totals = {
  ...emptyTotals(),
  flights: 3_000_000,
  airports: [{ code: 'JFK', flights: 3_000_000, unrecorded: 0, delayMinutes: 7 }],
}
const single: Pass = { totals, elapsedMs: 4_000 }
const actors: Pass = { totals: structuredClone(totals), elapsedMs: 2_000 }
const wrong: Pass = { totals: { ...totals, airports: [{ ...totals.airports[0]!, delayMinutes: 8 }] }, elapsedMs: 2_000 }

describe('isSameResult()', () => {
  test('compares the totals to the last minute, and not the times', () => {
    expect(isSameResult(actors, single)).toBe(true)
    expect(isSameResult(wrong, single)).toBe(false)
  })
})

describe('renderCheck()', () => {
  test('says how many rows there are and that the totals are equal', () => {
    expect(renderCheck(actors, single)).toBe(
      '3,000,000 rows. The totals equal those of one thread alone, to the last minute:\n1 airport, 0 routes, 24 hours of the day, and 256 random halves.',
    )
  })

  test.each([
    ['an airport', wrong],
    ['one half', { ...actors, totals: { ...totals, halves: { ...totals.halves, recorded: Int32Array.of(1) } } }],
    [
      'one route',
      { ...actors, totals: { ...totals, routeDelays: { ...totals.routeDelays, flights: Uint32Array.of(1) } } },
    ],
  ])('says loudly when the totals differ in %s', (_, other) => {
    expect(renderCheck(other, single)).toMatch(/^3,000,000 rows\. THE TOTALS DIFFER /)
  })
})

describe('renderSpeed()', () => {
  test('says what was measured, and what is in it', () => {
    const text = renderSpeed(
      actors,
      { ...single, elapsedMs: 14_000 },
      { workers: 4, cpus: 8, threadsLost: 1, repeats: 2 },
    )

    expect(text.split('\n')).toEqual([
      'Speed on a machine with 8 CPUs',
      '',
      'one thread alone  14.00 s',
      '4 worker threads   2.00 s, 7.00 times as fast',
      'Their time includes start and warm-up, 1 lost thread, and 2 repeated parts.',
    ])
  })

  test('neither hides a slow run nor adds troubles that there were not', () => {
    const text = renderSpeed({ ...actors, elapsedMs: 8_000 }, single, {
      workers: 1,
      cpus: 1,
      threadsLost: 0,
      repeats: 0,
    })

    expect(text).toContain('1 worker thread   8.00 s, 0.50 times as fast\nTheir time includes start and warm-up.')
  })
})
