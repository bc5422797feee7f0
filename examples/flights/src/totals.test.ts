import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, type Flight, toRows } from './arbitrary-rows.js'
import { summarizeGroups } from './delay-counts.js'
import { bandOf } from './distance-band.js'
import { meansOfHalves } from './halves.js'
import { routeOf } from './route.js'
import { countFlights, emptyTotals, meanDelay, mergeTotals } from './totals.js'

const count = (flights: readonly Flight[], firstRow = 0) => countFlights(toRows(flights, firstRow))
const arbitraryTotals = () => arbitraryFlights().map(flights => count(flights))

describe('countFlights()', () => {
  test('counts flights and sums delays by airport and by hour', () => {
    const totals = count([
      { airport: 'JFK', hour: 9, delay: 30 },
      { airport: 'DEN', hour: 9, delay: -5 },
      { airport: 'JFK', hour: 23, delay: 10 },
    ])

    expect(totals.flights).toBe(3)
    expect(totals.airports).toEqual([
      { code: 'DEN', flights: 1, unrecorded: 0, delayMinutes: -5 },
      { code: 'JFK', flights: 2, unrecorded: 0, delayMinutes: 40 },
    ])
    expect(totals.hours[9]).toEqual({ flights: 2, unrecorded: 0, delayMinutes: 25 })
    expect(totals.hours[23]).toEqual({ flights: 1, unrecorded: 0, delayMinutes: 10 })
  })

  test('counts a flight without a recorded delay, but not in the sum', () => {
    const totals = count([
      { airport: 'JFK', hour: 0, delay: undefined },
      { airport: 'JFK', hour: 0, delay: 7 },
    ])

    expect(totals.airports).toEqual([{ code: 'JFK', flights: 2, unrecorded: 1, delayMinutes: 7 }])
    expect(totals.hours[0]).toEqual({ flights: 2, unrecorded: 1, delayMinutes: 7 })
  })

  test('agrees with counting the flights one by one', () => {
    fc.assert(
      fc.property(arbitraryFlights(), flights => {
        const totals = count(flights)

        for (const { code, ...tally } of totals.airports) {
          const delays = flights.filter(flight => flight.airport === code).map(flight => flight.delay)
          expect(tally).toEqual(tallyOf(delays))
        }
        for (const [hour, tally] of totals.hours.entries()) {
          const delays = flights.filter(flight => flight.hour === hour).map(flight => flight.delay)
          expect(tally).toEqual(tallyOf(delays))
        }
        expect(totals.airports.reduce((sum, airport) => sum + airport.flights, 0)).toBe(flights.length)
      }),
    )
  })

  test('counts the delays of routes, hours and bands of distances', () => {
    const { routeDelays, hourDelays, bandDelays } = count([
      { airport: 'JFK', destination: 'SEA', distance: 2_400, hour: 9, delay: 30 },
      { airport: 'JFK', destination: 'SEA', distance: 2_400, hour: 7, delay: 10 },
      { airport: 'SEA', destination: 'JFK', distance: 2_400, hour: 9, delay: -5 },
      { airport: 'JFK', destination: 'BOS', distance: 180, hour: 9, delay: undefined },
    ])

    expect(summarizeGroups(routeDelays).map(({ group, mean }) => [routeOf(group), mean])).toEqual([
      [{ origin: 'JFK', destination: 'SEA' }, 20],
      [{ origin: 'SEA', destination: 'JFK' }, -5],
    ])
    expect(summarizeGroups(hourDelays).map(({ group, flights }) => [group, flights])).toEqual([
      [7, 1],
      [9, 2],
    ])
    expect(summarizeGroups(bandDelays)).toMatchObject([{ group: bandOf(2_400), flights: 3, median: 10 }])
  })

  test('has the halves in the order of the airports from which flights left', () => {
    const totals = count([
      { airport: 'SEA', destination: 'ATL', hour: 9, delay: 3 },
      { airport: 'DEN', destination: 'ATL', hour: 9, delay: 7 },
    ])

    expect(totals.airports.map(({ code }) => code)).toEqual(['DEN', 'SEA'])
    for (const [airport, delay] of [7, 3].entries()) {
      expect(new Set(meansOfHalves(totals.halves, airport))).toEqual(new Set([delay, Number.NaN]))
    }
  })

  test('gives plain data that a clone has too', () => {
    fc.assert(
      fc.property(arbitraryTotals(), totals => {
        expectSame(structuredClone(totals), totals)
      }),
    )
  })
})

describe('mergeTotals()', () => {
  test('gives what counting all flights at once gives', () => {
    fc.assert(
      fc.property(arbitraryFlights(), arbitraryFlights(), (a, b) => {
        expectSame(mergeTotals(count(a), count(b, a.length)), count([...a, ...b]))
      }),
    )
  })

  test('is associative', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), arbitraryTotals(), (a, b, c) => {
        expectSame(mergeTotals(mergeTotals(a, b), c), mergeTotals(a, mergeTotals(b, c)))
      }),
    )
  })

  test('is commutative, down to the order of the airports', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), (a, b) => {
        expectSame(mergeTotals(a, b), mergeTotals(b, a))
      }),
    )
  })

  test('changes nothing when one side is empty', () => {
    fc.assert(
      fc.property(arbitraryTotals(), totals => {
        expectSame(mergeTotals(totals, emptyTotals()), totals)
        expectSame(mergeTotals(emptyTotals(), totals), totals)
      }),
    )
  })

  test('changes neither of its arguments', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), (a, b) => {
        const before = structuredClone([a, b])

        mergeTotals(a, b)

        expectSame([a, b], before)
      }),
    )
  })
})

describe('meanDelay()', () => {
  test('leaves out flights without a recorded delay', () => {
    expect(meanDelay({ flights: 3, unrecorded: 1, delayMinutes: 10 })).toBe(5)
  })

  test('is undefined when no delay is recorded', () => {
    expect(meanDelay({ flights: 2, unrecorded: 2, delayMinutes: 0 })).toBeUndefined()
    expect(meanDelay({ flights: 0, unrecorded: 0, delayMinutes: 0 })).toBeUndefined()
  })
})

function tallyOf(delays: readonly (number | undefined)[]) {
  const recorded = delays.filter(delay => delay !== undefined)
  return {
    flights: delays.length,
    unrecorded: delays.length - recorded.length,
    delayMinutes: recorded.reduce((sum, delay) => sum + delay, 0),
  }
}

/** Compares large typed arrays a hundred times faster than `toEqual`. */
function expectSame(actual: unknown, expected: unknown): void {
  expect(isDeepStrictEqual(actual, expected)).toBe(true)
}
