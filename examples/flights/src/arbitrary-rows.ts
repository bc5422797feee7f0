import fc from 'fast-check'
import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/** One flight as a test writes it down; an undefined delay was never recorded. */
export interface Flight {
  readonly airport: string
  readonly hour: number
  readonly delay: number | undefined
}

/** Any flights, with few enough airports that several share one. */
export function arbitraryFlights(): fc.Arbitrary<Flight[]> {
  return fc.array(
    fc.record({
      airport: fc.constantFrom('ATL', 'DEN', 'JFK', 'SEA', '__proto__'),
      hour: fc.integer({ min: 0, max: 23 }),
      delay: fc.option(fc.integer({ min: -2_000, max: 2_000 }), { nil: undefined }),
    }),
  )
}

/** Puts flights into the columns of a row group. */
export function toRows(flights: readonly Flight[]): FlightRows {
  const airports = [...new Set(flights.map(flight => flight.airport))]
  return {
    airports,
    airportOf: Uint16Array.from(flights, flight => airports.indexOf(flight.airport)),
    hourOf: Uint8Array.from(flights, flight => flight.hour),
    delayOf: Int32Array.from(flights, flight => flight.delay ?? MISSING_DELAY),
  }
}
