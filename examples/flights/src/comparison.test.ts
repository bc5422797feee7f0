import { describe, expect, test } from 'vitest'
import { describeRound, isSameResult, renderCheck, renderSpeed } from './comparison.js'
import type { Pass } from './pass.js'
import type { Round } from './rounds.js'
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
  test('says the medians of the rounds, and what is in the first run', () => {
    const rounds = [
      [14_000, 9_000],
      [13_000, 2_000],
      [90_000, 1_000],
    ].map(([alone, shared]) => round(alone!, shared!))

    const text = renderSpeed(rounds, actors, { workers: 4, cpus: 8, threadsLost: 1, repeats: 2 })

    expect(text.split('\n')).toEqual([
      'Speed on a machine with 8 CPUs, the median of 3 rounds',
      '',
      'one thread alone  14.00 s',
      '4 worker threads   2.00 s, 7.00 times as fast',
      'The first run took 2.00 s, with start, warm-up, 1 lost thread, and 2 repeated parts.',
    ])
  })

  test('neither hides a slow run nor adds troubles that there were not', () => {
    const text = renderSpeed([round(4_000, 8_000)], actors, { workers: 1, cpus: 1, threadsLost: 0, repeats: 0 })

    expect(text).toContain('with 1 CPU, in one round\n')
    expect(text).toContain(
      '1 worker thread   8.00 s, 0.50 times as fast\nThe first run took 2.00 s, with start and warm-up.',
    )
  })
})

test('describeRound() says both times, and what is between them', () => {
  expect(describeRound(round(4_000, 2_000), 0)).toBe(
    '  round 1: one thread 4.00 s, the actors 2.00 s, 2.00 times as fast',
  )
})

function round(singleMs: number, actorsMs: number): Round {
  return { single: { ...single, elapsedMs: singleMs }, actors: { ...actors, elapsedMs: actorsMs } }
}
