import { addedSince, BUCKETS, histogramOf, NOTHING_TIMED, sumOf, type Histogram } from './histogram.js'
import {
  ASK,
  COUNT,
  DELAY,
  entryAt,
  FAILED,
  FIRST_BUCKET,
  HANDLED,
  MAX,
  NAME,
  NUMBER,
  RUN,
  SUM,
  viewsOfTimes,
  WAIT,
  type TimesViews,
} from './times-layout.js'

/** What one method of one definition has taken, in all actors of that definition. Plain data, which only grows. */
export interface MethodTimes {
  /** The name of the class; empty for what found no place of its own: all methods beyond 255 on one host. */
  readonly definition: string
  readonly method: string
  /** Messages that were handled, each of them counted; while others wait, the last 250 of an actor may be missing. */
  readonly handled: number
  /** Those whose handlers threw. */
  readonly failed: number
  /**
   * How long handlers took, to the end of what they awaited. Of messages that come close behind each other, and are
   * handled in less than 50 µs each, one in 251 is measured and counts for all.
   */
  readonly run: Histogram
  /** How long the messages waited in their mailboxes before, measured alike; at most half an hour. */
  readonly wait: Histogram
  /** How long asks took their askers, from the call to the answer, error or deadline; one in 16 of those that overlap. */
  readonly ask: Histogram
}

/** Reads what one host has measured, also while its thread writes to it, or is gone. */
export function readTimes(memory: SharedArrayBuffer): MethodTimes[] {
  const views = viewsOfTimes(memory)
  const count = Atomics.load(views.ints, COUNT)
  return Array.from({ length: count }, (_, entry) => readEntry(views, entry)).filter(
    ({ handled, ask }) => handled > 0 || ask.count > 0,
  )
}

/** How late one host was whenever its event loop should have turned; empty in a system that is not observed. */
export function readDelay(memory: SharedArrayBuffer | undefined): Histogram {
  return memory === undefined ? NOTHING_TIMED : readHistogram(viewsOfTimes(memory).floats, DELAY)
}

/** The times of several hosts as those of one system. */
export function mergeTimes(hosts: Iterable<readonly MethodTimes[]>): MethodTimes[] {
  const merged = new Map<string, MethodTimes>()
  for (const times of [...hosts].flat()) {
    const key = keyOf(times)
    const known = merged.get(key)
    merged.set(key, known === undefined ? times : sumOfTimes(known, times))
  }
  return [...merged.values()]
}

/** What was added since an earlier reading. Methods that were not used since are left out. */
export function timesSince(now: readonly MethodTimes[], earlier: readonly MethodTimes[]): MethodTimes[] {
  const before = new Map(earlier.map(times => [keyOf(times), times]))
  return now.flatMap(times => {
    const known = before.get(keyOf(times))
    const added = known === undefined ? times : differenceOf(times, known)
    return added.handled > 0 || added.ask.count > 0 ? [added] : []
  })
}

/** The same for the same method of the same definition. */
export function keyOf({ definition, method }: MethodTimes): string {
  return `${definition}\n${method}`
}

/** What was added to the times of one method since an earlier reading of them. */
export function differenceOf(now: MethodTimes, earlier: MethodTimes): MethodTimes {
  return {
    ...now,
    handled: Math.max(0, now.handled - earlier.handled),
    failed: Math.max(0, now.failed - earlier.failed),
    run: addedSince(now.run, earlier.run),
    wait: addedSince(now.wait, earlier.wait),
    ask: addedSince(now.ask, earlier.ask),
  }
}

function sumOfTimes(a: MethodTimes, b: MethodTimes): MethodTimes {
  return {
    ...a,
    handled: a.handled + b.handled,
    failed: a.failed + b.failed,
    run: sumOf(a.run, b.run),
    wait: sumOf(a.wait, b.wait),
    ask: sumOf(a.ask, b.ask),
  }
}

function readEntry({ floats, names }: TimesViews, entry: number): MethodTimes {
  const at = entryAt(entry)
  const float = (field: number): number => floats[at + field] as number
  const [definition = '', method = ''] = entry === 0 ? [] : readNames(names, float(NAME))
  return {
    definition,
    method,
    handled: float(HANDLED),
    failed: float(FAILED),
    run: readHistogram(floats, at + RUN),
    wait: readHistogram(floats, at + WAIT),
    ask: readHistogram(floats, at + ASK),
  }
}

function readHistogram(floats: Float64Array, at: number): Histogram {
  const count = floats[at + NUMBER] as number
  if (count === 0) return NOTHING_TIMED
  return histogramOf({
    count,
    sumMs: floats[at + SUM] as number,
    maxMs: floats[at + MAX] as number,
    buckets: [...floats.subarray(at + FIRST_BUCKET, at + FIRST_BUCKET + BUCKETS)],
  })
}

/** Two names, each behind its length. */
function readNames(names: Uint8Array, at: number): string[] {
  const first = names[at] as number
  const second = names[at + 1 + first] as number
  const text = (from: number, length: number): string => Buffer.from(names.slice(from, from + length)).toString()
  return [text(at + 1, first), text(at + first + 2, second)]
}

/** How to read times. */
export interface TimesOptions {
  /** Milliseconds after which nodes and processes are left out that have not answered. Default 500. */
  readonly timeoutMs?: number | undefined
  /** An earlier reading: gives what was added since, and not all. */
  readonly since?: readonly MethodTimes[] | undefined
}
