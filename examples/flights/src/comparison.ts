import { isDeepStrictEqual } from 'node:util'
import { summarizeGroups } from './delay-counts.js'
import { formatAmount, formatSeconds } from './format.js'
import { HALVES } from './halves.js'
import type { Pass } from './pass.js'
import type { Round } from './rounds.js'

/** What to know about the first time that the actors took. */
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

/**
 * Says how long both ways took, each in the median of its rounds. The figure is what was measured, be it flattering or
 * not.
 *
 * @param first The first pass of the actors, from the start of their threads on.
 */
export function renderSpeed(rounds: readonly Round[], first: Pass, conditions: Conditions): string {
  const { workers, cpus, threadsLost, repeats } = conditions
  const singleMs = median(rounds.map(({ single }) => single.elapsedMs))
  const actorsMs = median(rounds.map(({ actors }) => actors.elapsedMs))
  const included = ['start', 'warm-up']
  if (threadsLost > 0) included.push(formatAmount(threadsLost, 'lost thread'))
  if (repeats > 0) included.push(formatAmount(repeats, 'repeated part'))
  const rows = [
    ['one thread alone', formatSeconds(singleMs, 2), ''],
    [formatAmount(workers, 'worker thread'), formatSeconds(actorsMs, 2), `, ${formatFactor(singleMs / actorsMs)}`],
  ] as const
  const labelWidth = Math.max(...rows.map(([label]) => label.length))
  const timeWidth = Math.max(...rows.map(([, time]) => time.length))
  return [
    `Speed on a machine with ${formatAmount(cpus, 'CPU')}, ${rounds.length === 1 ? 'in one round' : `the median of ${rounds.length} rounds`}`,
    '',
    ...rows.map(([label, time, note]) => `${label.padEnd(labelWidth)}  ${time.padStart(timeWidth)}${note}`),
    `The first run took ${formatSeconds(first.elapsedMs, 2)}, with ${new Intl.ListFormat('en').format(included)}.`,
  ].join('\n')
}

/** Says how long both ways took in one round. */
export function describeRound({ single, actors }: Round, index: number): string {
  const [alone, shared] = [single, actors].map(({ elapsedMs }) => formatSeconds(elapsedMs, 2))
  return `  round ${index + 1}: one thread ${alone}, the actors ${shared}, ${formatFactor(single.elapsedMs / actors.elapsedMs)}`
}

function formatFactor(factor: number): string {
  return `${factor.toFixed(2)} times as fast`
}

/** Of an even number of values the lower one in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!
}
