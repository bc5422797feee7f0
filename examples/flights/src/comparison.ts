import { isDeepStrictEqual } from 'node:util'
import { summarizeGroups } from './delay-counts.js'
import { formatAmount, formatSeconds } from './format.js'
import { HALVES } from './halves.js'
import type { Totals } from './totals.js'

/** One way of counting. */
export interface Pass {
  readonly totals: Totals
  readonly elapsedMs: number
}

/** What to know about the time that the actors took. */
export interface Conditions {
  readonly workers: number
  readonly cpus: number
  /** Threads that went down on the way. */
  readonly threadsLost: number
  /** How often a part was given out again. */
  readonly repeats: number
}

/** Whether both passes counted the same, to the last minute of every airport, route, hour and half. */
export function isSameResult(a: Pass, b: Pass): boolean {
  return isDeepStrictEqual(a.totals, b.totals)
}

/** Says how many rows there were and whether both passes agree. */
export function renderCheck(actors: Pass, single: Pass): string {
  const rows = `${formatAmount(actors.totals.flights, 'row')}.`
  if (!isSameResult(actors, single)) {
    return `${rows} THE TOTALS DIFFER from those of one thread alone, which has ${formatAmount(single.totals.flights, 'row')}.`
  }
  const { airports, hours, routeDelays } = actors.totals
  const counted = [
    formatAmount(airports.length, 'airport'),
    formatAmount(summarizeGroups(routeDelays).length, 'route'),
    `${hours.length} hours of the day`,
    `${HALVES} random halves`,
  ]
  return `${rows} The totals equal those of one thread alone, to the last minute:\n${new Intl.ListFormat('en').format(counted)}.`
}

/** Says how long both passes took. The figure is what was measured, be it flattering or not. */
export function renderSpeed(actors: Pass, single: Pass, conditions: Conditions): string {
  const { workers, cpus, threadsLost, repeats } = conditions
  const factor = (single.elapsedMs / actors.elapsedMs).toFixed(2)
  const included = ['start and warm-up']
  if (threadsLost > 0) included.push(formatAmount(threadsLost, 'lost thread'))
  if (repeats > 0) included.push(formatAmount(repeats, 'repeated part'))
  const rows = [
    ['one thread alone', formatSeconds(single.elapsedMs, 2), ''],
    [formatAmount(workers, 'worker thread'), formatSeconds(actors.elapsedMs, 2), `, ${factor} times as fast`],
  ] as const
  const labelWidth = Math.max(...rows.map(([label]) => label.length))
  const timeWidth = Math.max(...rows.map(([, time]) => time.length))
  return [
    `Speed on a machine with ${formatAmount(cpus, 'CPU')}`,
    '',
    ...rows.map(([label, time, note]) => `${label.padEnd(labelWidth)}  ${time.padStart(timeWidth)}${note}`),
    `Their time includes ${new Intl.ListFormat('en').format(included)}.`,
  ].join('\n')
}
