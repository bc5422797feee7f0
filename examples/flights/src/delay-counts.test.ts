import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, type Flight, toRows } from './arbitrary-rows.js'
import { countDelays, emptyDelayCounts, mergeDelayCounts, summarizeGroups } from './delay-counts.js'

const byHour = (flights: readonly Flight[]) => countDelays(toRows(flights), row => flights[row]!.hour)

describe('summarizeGroups()', () => {
  test('gives mean, median and ninth decile of each group', () => {
    const delays = [90, 80, 70, 60, 50, 40, 30, 20, 10, -100]

    expect(summarizeGroups(byHour([...delays.map(at(7)), at(9)(5)]))).toEqual([
      { group: 7, flights: 10, mean: 35, median: 40, ninthDecile: 80 },
      { group: 9, flights: 1, mean: 5, median: 5, ninthDecile: 5 },
    ])
  })

  test('leaves out flights without a recorded delay, and groups of such flights', () => {
    expect(summarizeGroups(byHour([at(7)(undefined), at(9)(undefined), at(9)(5)]))).toMatchObject([
      { group: 9, flights: 1 },
    ])
  })

  test('agrees with sorting the delays of each group', () => {
    fc.assert(
      fc.property(arbitraryFlights(), flights => {
        for (const { group, ...summary } of summarizeGroups(byHour(flights))) {
          const delays = flights
            .filter(({ hour, delay }) => hour === group && delay !== undefined)
            .map(({ delay }) => delay!)
            .toSorted((a, b) => a - b)
          expect(summary).toEqual({
            flights: delays.length,
            mean: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
            median: delays[Math.ceil((5 * delays.length) / 10) - 1],
            ninthDecile: delays[Math.ceil((9 * delays.length) / 10) - 1],
          })
        }
      }),
    )
  })

  test('knows groups of large numbers', () => {
    const flights = [at(0)(-2_000), at(0)(2_000)]

    const counts = countDelays(toRows(flights), row => 2 ** 36 - 1 - row)

    expect(summarizeGroups(counts).map(({ group, mean }) => [group, mean])).toEqual([
      [2 ** 36 - 2, 2_000],
      [2 ** 36 - 1, -2_000],
    ])
  })
})

describe('mergeDelayCounts()', () => {
  test('gives what counting all flights at once gives', () => {
    fc.assert(
      fc.property(arbitraryFlights(), arbitraryFlights(), (a, b) => {
        expect(mergeDelayCounts(byHour(a), byHour(b))).toEqual(byHour([...a, ...b]))
      }),
    )
  })

  test('keeps no memory beyond what it has', () => {
    const merged = mergeDelayCounts(byHour([at(7)(1), at(7)(2)]), byHour([at(7)(1)]))

    expect(merged.keys.buffer.byteLength).toBe(2 * 8)
    expect(mergeDelayCounts(merged, emptyDelayCounts())).toEqual(merged)
  })
})

function at(hour: number) {
  return (delay: number | undefined): Flight => ({ airport: 'JFK', hour, delay })
}
