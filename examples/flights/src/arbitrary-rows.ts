import fc from 'fast-check'
import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/** One flight as a test writes it down; an undefined delay was never recorded. */
export interface Flight {
  readonly airport: string
  readonly hour: number
  readonly delay: number | undefined
  /** Unless given, the flight goes to Denver. */
  readonly destination?: string
  /** Unless given, it is 100 miles. */
  readonly distance?: number
}

/** Any flights, with few enough airports that several share one. */
export function arbitraryFlights(): fc.Arbitrary<Flight[]> {
  const airport = fc.constantFrom('ATL', 'DEN', 'JFK', 'SEA', '0K5')
  return fc.array(
    fc.record({
      airport,
      destination: airport,
      distance: fc.integer({ min: 0, max: 65_535 }),
      hour: fc.integer({ min: 0, max: 23 }),
      delay: fc.option(fc.integer({ min: -2_000, max: 2_000 }), { nil: undefined }),
    }),
  )
}

/** Puts flights into the columns of a row group, the first of them at a row of the file. */
export function toRows(flights: readonly Flight[], firstRow = 0): FlightRows {
  const airports = [...new Set(flights.flatMap(flight => [flight.airport, destinationOf(flight)]))]
  return {
    firstRow,
    airports,
    originOf: Uint16Array.from(flights, flight => airports.indexOf(flight.airport)),
    destinationOf: Uint16Array.from(flights, flight => airports.indexOf(destinationOf(flight))),
    distanceOf: Uint16Array.from(flights, flight => flight.distance ?? 100),
    hourOf: Uint8Array.from(flights, flight => flight.hour),
    delayOf: Int16Array.from(flights, flight => flight.delay ?? MISSING_DELAY),
  }
}

function destinationOf({ destination }: Flight): string {
  return destination ?? 'DEN'
}
