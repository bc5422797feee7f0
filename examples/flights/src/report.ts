import type { AirportNames } from './airport-names.js'
import { drawBar, drawBarLeftwards } from './bar.js'
import { confidenceOfRanks, marginOfMean } from './confidence.js'
import { summarizeGroups } from './delay-counts.js'
import { fitLines, formatCount, formatMinutes } from './format.js'
import { HALVES } from './halves.js'
import { type AirportTally, meanDelay, type Tally, type Totals } from './totals.js'

/**
 * The ranking leaves out airports with fewer flights than this, about 27 a day: at those, a single bad day decides the
 * mean.
 */
export const MIN_AIRPORT_FLIGHTS = 5_000

const MAX_RANKS = 10

/** The chart draws no bar for an hour with fewer flights than this: their delays would dwarf the rest of the day. */
const MIN_HOUR_FLIGHTS = 1_000

/** Longer lines would make longer bars that say no more. */
const MAX_CHART_COLUMNS = 100

/**
 * Airports with at least `minFlights` flights, that with the greatest mean delay first; equal ones stay in the order of
 * their codes.
 */
export function rankAirports(totals: Totals, minFlights: number): AirportTally[] {
  return totals.airports
    .filter(airport => airport.flights >= minFlights && meanDelay(airport) !== undefined)
    .toSorted((a, b) => meanDelay(b)! - meanDelay(a)!)
}

/**
 * A table of the ten airports whose flights arrive latest in the mean, among those with flights enough to compare, and
 * how sure that is.
 */
export function renderWorstAirports(totals: Totals, names: AirportNames, columns: number): string {
  const ranked = rankAirports(totals, MIN_AIRPORT_FLIGHTS)
  const rows = ranked.slice(0, MAX_RANKS).map((airport, index) => {
    const margin = `± ${marginOfMean(totals, airport).toFixed(1)}`
    return [
      String(index + 1).padStart(2),
      airport.code,
      labelTally(airport),
      margin.padStart(5),
      names.get(airport.code) ?? '',
    ].join('  ')
  })
  return fitLines(
    [
      `The ten worst airports to leave from (of those with at least ${formatCount(MIN_AIRPORT_FLIGHTS)} flights)`,
      '',
      '              flights  mean delay',
      ...rows,
      ...(ranked.length > 0 ? ['', ...describeConfidence(totals, ranked)] : []),
    ],
    columns,
  )
}

/**
 * A chart of the mean delay, with one line for each hour in which flights leave. Late is to the right of the axis,
 * early to its left; both sides have the same scale.
 */
export function renderHours(totals: Totals, columns: number): string {
  const ninthDeciles = new Map(summarizeGroups(totals.hourDelays).map(({ group, ninthDecile }) => [group, ninthDecile]))
  const labels = totals.hours.map((tally, hour) => {
    const ninthDecile = ninthDeciles.get(hour)
    const late = ninthDecile === undefined ? '-' : formatMinutes(ninthDecile, 0)
    return `${String(hour).padStart(2, '0')}:00  ${labelTally(tally)}  ${late.padStart(8)}  `
  })
  const delays = totals.hours.map(tally => (tally.flights < MIN_HOUR_FLIGHTS ? 0 : (meanDelay(tally) ?? 0)))
  const latest = Math.max(0, ...delays)
  const earliest = Math.max(0, ...delays.map(delay => -delay))

  const axisColumns = 1
  const width = Math.max(10, Math.min(columns, MAX_CHART_COLUMNS) - labels[0]!.length - axisColumns)
  const minutesPerCell = (latest + earliest) / (width - 1) || 1
  const leftWidth = Math.ceil(earliest / minutesPerCell)
  const bars = delays.map(delay => {
    const length = delay / minutesPerCell
    return `${drawBarLeftwards(-length, leftWidth)}│${drawBar(length, width - leftWidth)}`
  })

  return fitLines(
    [
      'Mean delay by the hour in which flights leave',
      '',
      'hour     flights  mean delay   1 in 10',
      ...labels.map((label, hour) => label + bars[hour]!),
      '',
      'One flight in ten is later than "1 in 10".',
      `Hours with fewer than ${formatCount(MIN_HOUR_FLIGHTS)} flights have no bar.`,
    ],
    columns,
  )
}

function describeConfidence(totals: Totals, ranked: readonly AirportTally[]): string[] {
  const { sameFirst, sameSet } = confidenceOfRanks(totals, ranked, MAX_RANKS)
  const percent = (share: number): string => `${Math.round(100 * share)} %`
  return [
    `± is twice the spread over ${HALVES} halves of all flights, chosen by coin tosses.`,
    `${ranked[0]!.code} is the worst in ${percent(sameFirst)} of these halves; the ten are the same in ${percent(sameSet)}.`,
  ]
}

function labelTally(tally: Tally): string {
  const delay = meanDelay(tally)
  return `${formatCount(tally.flights).padStart(9)}  ${(delay === undefined ? '-' : formatMinutes(delay)).padStart(10)}`
}
