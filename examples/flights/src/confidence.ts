import { meansOfHalves } from './halves.js'
import { type AirportTally, meanDelay, type Totals } from './totals.js'

/** How much a ranking of airports depends on chance. */
export interface RankConfidence {
  /** The share of halves in which the first airport of the ranking is the first too. */
  readonly sameFirst: number
  /** The share of halves in which the same airports are the first ones, in whatever order. */
  readonly sameSet: number
}

/**
 * How far a mean delay may be off by chance, in minutes, in 19 of 20 cases: twice the standard deviation of the means
 * of the halves. Halves without a flight do not count.
 */
export function marginOfMean(totals: Totals, airport: AirportTally): number {
  const mean = meanDelay(airport) ?? 0
  const means = meansOfHalves(totals.halves, totals.airports.indexOf(airport)).filter(Number.isFinite)
  return 2 * Math.sqrt(means.reduce((sum, other) => sum + (other - mean) ** 2, 0) / means.length || 0)
}

/**
 * Compares the first airports of a ranking by mean delay with those of each half.
 *
 * @param ranked Airports of the totals, that with the greatest mean delay first.
 */
export function confidenceOfRanks(totals: Totals, ranked: readonly AirportTally[], places: number): RankConfidence {
  const meansOf = ranked.map(airport => meansOfHalves(totals.halves, totals.airports.indexOf(airport)))
  const halves = meansOf[0]?.length ?? 0
  let sameFirst = 0
  let sameSet = 0
  for (let half = 0; half < halves; half++) {
    const means = meansOf.map(ofAirport => ofAirport[half]!)
    const last = Math.min(...means.slice(0, places))
    if (means.every(mean => means[0]! >= mean)) sameFirst++
    if (means.slice(places).every(mean => last >= mean)) sameSet++
  }
  return { sameFirst: sameFirst / halves, sameSet: sameSet / halves }
}
