import type { AirportNames } from './airport-names.js'
import { type GroupDelays, summarizeGroups } from './delay-counts.js'
import { BAND_MILES } from './distance-band.js'
import { fitLines, formatCount, formatMinutes } from './format.js'
import { routeOf } from './route.js'
import type { Totals } from './totals.js'

/** The ranking leaves out routes with fewer flights than this, about six a day. */
export const MIN_ROUTE_FLIGHTS = 1_000

/** Routes with at least `minFlights` flights, that whose ninth decile is the latest first; of equal ones the later mean. */
export function rankRoutes(totals: Totals, minFlights: number): GroupDelays[] {
  return summarizeGroups(totals.routeDelays)
    .filter(({ flights }) => flights >= minFlights)
    .toSorted((a, b) => b.ninthDecile - a.ninthDecile || b.mean - a.mean)
}

/** A table of the ten routes on which the latest tenth of the flights is latest. */
export function renderWorstRoutes(totals: Totals, names: AirportNames, columns: number): string {
  const rows = rankRoutes(totals, MIN_ROUTE_FLIGHTS)
    .slice(0, 10)
    .map((route, index) => {
      const { origin, destination } = routeOf(route.group)
      const places = [origin, destination].map(code => townOf(names.get(code) ?? code)).join(' to ')
      return `${String(index + 1).padStart(2)}  ${origin}-${destination}  ${labelDelays(route)}  ${places}`
    })
  return fitLines(
    [
      `The ten routes with the latest tenth (of those with at least ${formatCount(MIN_ROUTE_FLIGHTS)} flights)`,
      '',
      `             ${HEADINGS}`,
      ...rows,
      '',
      'Half are no later than the median; one in ten is later than "1 in 10".',
    ],
    columns,
  )
}

/** A table of the delays by the distance flown. */
export function renderDistances(totals: Totals, columns: number): string {
  const rows = summarizeGroups(totals.bandDelays).map(band => {
    const [from, to] = [band.group * BAND_MILES, (band.group + 1) * BAND_MILES - 1].map(formatCount)
    return `${from!.padStart(5)} to ${to!.padEnd(6)}  ${labelDelays(band)}`
  })
  return fitLines(['Delay by the distance flown', '', `${'miles'.padEnd(17)}${HEADINGS}`, ...rows], columns)
}

const HEADINGS = '  flights  mean delay   median   1 in 10'

function labelDelays({ flights, mean, median, ninthDecile }: GroupDelays): string {
  return [
    formatCount(flights).padStart(9),
    formatMinutes(mean).padStart(10),
    formatMinutes(median, 0).padStart(7),
    formatMinutes(ninthDecile, 0).padStart(8),
  ].join('  ')
}

/** "New York NY" of "John F Kennedy Intl, New York NY". */
function townOf(name: string): string {
  return name.slice(name.lastIndexOf(', ') + 1).trim()
}
