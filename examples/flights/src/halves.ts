import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/**
 * How many random halves of all flights are taken. Their means lie around the mean of all as the means of other years
 * like this one would: that is what a mean may be trusted to.
 */
export const HALVES = 256

/**
 * What is counted about the flights of some airports in each half: airport `a` has its figure of half `h` at `a *
 * HALVES + h`. The figures are whole numbers, and fit as long as an airport has less than a million flights.
 */
export interface HalfTallies {
  /** Flights in the half that have a recorded delay. */
  readonly recorded: Int32Array
  /** The sum of their delays, in minutes. */
  readonly delayMinutes: Int32Array
}

/** Tallies of no flights. */
export function emptyHalves(airports: number): HalfTallies {
  return { recorded: new Int32Array(airports * HALVES), delayMinutes: new Int32Array(airports * HALVES) }
}

/**
 * Tosses a coin for each flight and each half. The coin depends on the number of the row alone, so a flight is in the
 * same halves whoever counts it, and however often.
 *
 * @param placeOf The place of each of the rows' airports in the tallies.
 * @param airports How many places there are.
 */
export function countHalves(rows: FlightRows, placeOf: ArrayLike<number>, airports: number): HalfTallies {
  const { firstRow, originOf, delayOf } = rows
  const tallies = emptyHalves(airports)
  const { recorded, delayMinutes } = tallies

  for (let i = 0; i < delayOf.length; i++) {
    const delay = delayOf[i]!
    if (delay === MISSING_DELAY) continue
    let cell = placeOf[originOf[i]!]! * HALVES
    for (let toss = 0; toss < TOSSES; toss++) {
      let coins = scramble((firstRow + i) * TOSSES + toss)
      for (const end = cell + COINS; cell < end; cell++) {
        const isIn = coins & 1
        recorded[cell]! += isIn
        delayMinutes[cell]! += delay & -isIn
        coins >>>= 1
      }
    }
  }
  return tallies
}

/** Adds an airport's figures to those at its place in other tallies. */
export function addHalves(sum: HalfTallies, place: number, part: HalfTallies, airport: number): void {
  for (const figure of ['recorded', 'delayMinutes'] as const) {
    const [to, from] = [sum[figure], part[figure]]
    for (let half = 0; half < HALVES; half++) to[place * HALVES + half]! += from[airport * HALVES + half]!
  }
}

/** The mean delay of an airport in each half, in minutes; NaN where the half has no flight with a recorded delay. */
export function meansOfHalves({ recorded, delayMinutes }: HalfTallies, airport: number): number[] {
  return Array.from({ length: HALVES }, (_, half) => {
    const cell = airport * HALVES + half
    return delayMinutes[cell]! / recorded[cell]!
  })
}

/** One random number has as many coins as bits. */
const COINS = 32
const TOSSES = HALVES / COINS

/** Makes 32 bits of a whole number, each of which is 1 in half of all cases: Wellons' "lowbias32". */
function scramble(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return bits ^ (bits >>> 15)
}
