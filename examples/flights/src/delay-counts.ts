import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/**
 * How many flights of which group were how late, to the minute: exact, and therefore good for exact percentiles. A
 * group is a whole number below 2 ** 36. Equal sets of flights give equal counts, however they were divided and
 * merged.
 */
export interface DelayCounts {
  /** Group and delay in one number, each pair once, in the order of groups and then of delays. */
  readonly keys: Float64Array
  /** How many flights there are of each key. */
  readonly flights: Uint32Array
}

/** What is known about the recorded delays of one group. */
export interface GroupDelays {
  readonly group: number
  readonly flights: number
  /** In minutes. */
  readonly mean: number
  /** The least number of minutes that half of the flights did not exceed. */
  readonly median: number
  /** The least number of minutes that nine flights in ten did not exceed. */
  readonly ninthDecile: number
}

/** Counts of no flights. */
export function emptyDelayCounts(): DelayCounts {
  return { keys: new Float64Array(), flights: new Uint32Array() }
}

/** Counts the recorded delays of all rows. */
export function countDelays({ delayOf }: FlightRows, groupOf: (row: number) => number): DelayCounts {
  const sorted = new Float64Array(delayOf.length)
  let count = 0
  for (let row = 0; row < delayOf.length; row++) {
    const delay = delayOf[row]!
    if (delay !== MISSING_DELAY) sorted[count++] = groupOf(row) * DELAYS + (delay - MISSING_DELAY)
  }
  sorted.subarray(0, count).sort()

  const counts = allocate(count)
  let last = -1
  for (let i = 0; i < count; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) counts.keys[++last] = sorted[i]!
    counts.flights[last]!++
  }
  return cut(counts, last + 1)
}

/** Adds the counts of different flights. It changes neither, and it is associative and commutative. */
export function mergeDelayCounts(a: DelayCounts, b: DelayCounts): DelayCounts {
  const merged = allocate(a.keys.length + b.keys.length)
  let [i, j, length] = [0, 0, 0]
  while (i < a.keys.length || j < b.keys.length) {
    const keyA = i < a.keys.length ? a.keys[i]! : Infinity
    const keyB = j < b.keys.length ? b.keys[j]! : Infinity
    merged.keys[length] = Math.min(keyA, keyB)
    if (keyA <= keyB) merged.flights[length]! += a.flights[i++]!
    if (keyB <= keyA) merged.flights[length]! += b.flights[j++]!
    length++
  }
  return cut(merged, length)
}

/** Sums up each group that has flights with a recorded delay, in the order of the groups. */
export function summarizeGroups({ keys, flights }: DelayCounts): GroupDelays[] {
  const groups: GroupDelays[] = []
  let begin = 0
  while (begin < keys.length) {
    const group = Math.floor(keys[begin]! / DELAYS)
    let end = begin
    let count = 0
    let minutes = 0
    for (; end < keys.length && keys[end]! < (group + 1) * DELAYS; end++) {
      count += flights[end]!
      minutes += flights[end]! * delayIn(keys[end]!)
    }
    const decile = (tenths: number): number => {
      let [at, reached] = [begin, flights[begin]!]
      while (10 * reached < tenths * count) reached += flights[++at]!
      return delayIn(keys[at]!)
    }
    groups.push({ group, flights: count, mean: minutes / count, median: decile(5), ninthDecile: decile(9) })
    begin = end
  }
  return groups
}

/** How many delays there can be in a group. */
const DELAYS = 2 ** 16

function delayIn(key: number): number {
  return (key % DELAYS) + MISSING_DELAY
}

function allocate(length: number): DelayCounts {
  return { keys: new Float64Array(length), flights: new Uint32Array(length) }
}

/** A copy, since a view would keep, and send, all that was allocated. */
function cut({ keys, flights }: DelayCounts, length: number): DelayCounts {
  return { keys: keys.slice(0, length), flights: flights.slice(0, length) }
}
