import { countDelays, type DelayCounts, emptyDelayCounts, mergeDelayCounts } from './delay-counts.js'
import { bandOf } from './distance-band.js'
import { type FlightRows, MISSING_DELAY } from './flight-rows.js'
import { addHalves, countHalves, emptyHalves, type HalfTallies } from './halves.js'
import { numberOfAirport, numberOfRoute } from './route.js'

/** What is counted about some flights. All three are whole numbers, so sums are exact and their order does not matter. */
export interface Tally {
  readonly flights: number
  /** How many of the flights have no recorded delay. They count as flights, and not in the mean delay. */
  readonly unrecorded: number
  /** The sum of the recorded delays, in minutes. */
  readonly delayMinutes: number
}

/** A tally of the flights that left one airport. */
export interface AirportTally extends Tally {
  readonly code: string
}

/**
 * What is known about a set of flights. It is plain data, which travels between threads as it is. Equal sets of flights
 * give equal totals, down to the order of the airports, however they were divided and merged.
 */
export interface Totals extends AirportTallies {
  readonly flights: number
  /** 24 tallies, by the hour in which the flights left. */
  readonly hours: readonly Tally[]
  /** The delays of each route, by its number. */
  readonly routeDelays: DelayCounts
  /** The delays of each hour in which flights left. */
  readonly hourDelays: DelayCounts
  /** The delays of each band of distances, by its number. */
  readonly bandDelays: DelayCounts
}

interface AirportTallies {
  /** Airports from which at least one flight left, in the order of their codes. */
  readonly airports: readonly AirportTally[]
  /** Of the same airports, in the same order. */
  readonly halves: HalfTallies
}

/** The totals of no flights. */
export function emptyTotals(): Totals {
  return {
    flights: 0,
    airports: [],
    halves: emptyHalves(0),
    hours: Array.from({ length: 24 }, () => zeroTally()),
    routeDelays: emptyDelayCounts(),
    hourDelays: emptyDelayCounts(),
    bandDelays: emptyDelayCounts(),
  }
}

/** Counts flights: all that is ever computed from them. */
export function countFlights(rows: FlightRows): Totals {
  const { originOf, destinationOf, distanceOf, hourOf, delayOf } = rows
  const known = rows.airports.map(code => ({ code, ...zeroTally() }))
  const hours = Array.from({ length: 24 }, () => zeroTally())
  for (let i = 0; i < delayOf.length; i++) {
    addFlight(known[originOf[i]!]!, delayOf[i]!)
    addFlight(hours[hourOf[i]!]!, delayOf[i]!)
  }

  const airports = known.filter(({ flights }) => flights > 0).toSorted(byCode)
  const places = known.map(airport => airports.indexOf(airport))
  const numbers = rows.airports.map(numberOfAirport)
  return {
    flights: delayOf.length,
    airports,
    halves: countHalves(rows, places, airports.length),
    hours,
    routeDelays: countDelays(rows, row => numberOfRoute(numbers[originOf[row]!]!, numbers[destinationOf[row]!]!)),
    hourDelays: countDelays(rows, row => hourOf[row]!),
    bandDelays: countDelays(rows, row => bandOf(distanceOf[row]!)),
  }
}

/** Adds two totals of different flights. It changes neither, and it is associative and commutative. */
export function mergeTotals(a: Totals, b: Totals): Totals {
  return {
    ...mergeAirports(a, b),
    flights: a.flights + b.flights,
    hours: a.hours.map((tally, hour) => addTallies(tally, b.hours[hour]!)),
    routeDelays: mergeDelayCounts(a.routeDelays, b.routeDelays),
    hourDelays: mergeDelayCounts(a.hourDelays, b.hourDelays),
    bandDelays: mergeDelayCounts(a.bandDelays, b.bandDelays),
  }
}

/** The mean of the recorded delays in minutes, or undefined when none is recorded. */
export function meanDelay(tally: Tally): number | undefined {
  const recorded = tally.flights - tally.unrecorded
  return recorded === 0 ? undefined : tally.delayMinutes / recorded
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function zeroTally(): Mutable<Tally> {
  return { flights: 0, unrecorded: 0, delayMinutes: 0 }
}

function addFlight(tally: Mutable<Tally>, delayMinutes: number): void {
  tally.flights++
  if (delayMinutes === MISSING_DELAY) tally.unrecorded++
  else tally.delayMinutes += delayMinutes
}

function addTallies(a: Tally, b: Tally): Tally {
  return {
    flights: a.flights + b.flights,
    unrecorded: a.unrecorded + b.unrecorded,
    delayMinutes: a.delayMinutes + b.delayMinutes,
  }
}

function mergeAirports(a: AirportTallies, b: AirportTallies): AirportTallies {
  const merged = new Map<string, AirportTally>()
  for (const airport of [...a.airports, ...b.airports]) {
    const known = merged.get(airport.code)
    merged.set(airport.code, known === undefined ? airport : { code: airport.code, ...addTallies(known, airport) })
  }
  const airports = [...merged.values()].toSorted(byCode)
  const placeOf = new Map(airports.map(({ code }, place) => [code, place]))
  const halves = emptyHalves(airports.length)
  for (const part of [a, b]) {
    for (const [airport, { code }] of part.airports.entries())
      addHalves(halves, placeOf.get(code)!, part.halves, airport)
  }
  return { airports, halves }
}

function byCode(a: AirportTally, b: AirportTally): number {
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0
}
