import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, type Flight, toRows } from './arbitrary-rows.js'
import { countFlights, emptyTotals, meanDelay, mergeTotals } from './totals.js'

const count = (flights: readonly Flight[]) => countFlights(toRows(flights))
const arbitraryTotals = () => arbitraryFlights().map(count)

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

  test('gives plain data that JSON does not change', () => {
    fc.assert(
      fc.property(arbitraryTotals(), totals => {
        expect(JSON.parse(JSON.stringify(totals))).toEqual(totals)
      }),
    )
  })
})

describe('mergeTotals()', () => {
  test('gives what counting all flights at once gives', () => {
    fc.assert(
      fc.property(arbitraryFlights(), arbitraryFlights(), (a, b) => {
        expect(mergeTotals(count(a), count(b))).toEqual(count([...a, ...b]))
      }),
    )
  })

  test('is associative', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), arbitraryTotals(), (a, b, c) => {
        expect(mergeTotals(mergeTotals(a, b), c)).toEqual(mergeTotals(a, mergeTotals(b, c)))
      }),
    )
  })

  test('is commutative, down to the order of the airports', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), (a, b) => {
        expect(JSON.stringify(mergeTotals(a, b))).toBe(JSON.stringify(mergeTotals(b, a)))
      }),
    )
  })

  test('changes nothing when one side is empty', () => {
    fc.assert(
      fc.property(arbitraryTotals(), totals => {
        expect(mergeTotals(totals, emptyTotals())).toEqual(totals)
        expect(mergeTotals(emptyTotals(), totals)).toEqual(totals)
      }),
    )
  })

  test('changes neither of its arguments', () => {
    fc.assert(
      fc.property(arbitraryTotals(), arbitraryTotals(), (a, b) => {
        const before = JSON.stringify([a, b])

        mergeTotals(a, b)

        expect(JSON.stringify([a, b])).toBe(before)
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
