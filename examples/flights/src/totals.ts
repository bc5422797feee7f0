import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

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
export interface Totals {
  readonly flights: number
  /** Airports from which at least one flight left, in the order of their codes. */
  readonly airports: readonly AirportTally[]
  /** 24 tallies, by the hour in which the flights left. */
  readonly hours: readonly Tally[]
}

/** The totals of no flights. */
export function emptyTotals(): Totals {
  return { flights: 0, airports: [], hours: Array.from({ length: 24 }, () => zeroTally()) }
}

/** Counts the flights of one row group. */
export function countFlights(rows: FlightRows): Totals {
  const { originOf, hourOf, delayOf } = rows
  const airports = rows.airports.map(code => ({ code, ...zeroTally() }))
  const hours = Array.from({ length: 24 }, () => zeroTally())

  for (let i = 0; i < delayOf.length; i++) {
    addFlight(airports[originOf[i]!]!, delayOf[i]!)
    addFlight(hours[hourOf[i]!]!, delayOf[i]!)
  }

  const left = airports.filter(({ flights }) => flights > 0).toSorted((a, b) => compareCodes(a.code, b.code))
  return { flights: delayOf.length, airports: left, hours }
}

/** Adds two totals of different flights. It changes neither, and it is associative and commutative. */
export function mergeTotals(a: Totals, b: Totals): Totals {
  return {
    flights: a.flights + b.flights,
    airports: mergeAirports(a.airports, b.airports),
    hours: a.hours.map((tally, hour) => addTallies(tally, b.hours[hour]!)),
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

/** Merges two lists ordered by code into one ordered by code. */
function mergeAirports(a: readonly AirportTally[], b: readonly AirportTally[]): AirportTally[] {
  const merged: AirportTally[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const order = compareCodes(a[i]!.code, b[j]!.code)
    if (order < 0) merged.push(a[i++]!)
    else if (order > 0) merged.push(b[j++]!)
    else merged.push({ code: a[i]!.code, ...addTallies(a[i++]!, b[j++]!) })
  }
  return [...merged, ...a.slice(i), ...b.slice(j)]
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
