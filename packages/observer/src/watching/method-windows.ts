import { differenceOf, keyOf, type MethodTimes } from '@zera/actors/internal'
import type { MethodState, MethodWindow } from '../model/state.js'
import { summaryOf } from './summary.js'
import { Windows } from './windows.js'

/** Seconds of the two windows that are shown. */
const SHORT_S = 10
const LONG_S = 300

type Reading = ReadonlyMap<string, MethodTimes>

/** The times of all methods in two windows that slide. */
export class MethodWindows {
  readonly #short = new Windows<Reading>(SHORT_S * 1000, 500)
  readonly #long = new Windows<Reading>(LONG_S * 1000, 10_000)

  /** Adds what was measured by now, and returns it window by window. */
  take(times: readonly MethodTimes[], atMs: number): readonly MethodState[] {
    const reading = new Map(times.map(one => [keyOf(one), one]))
    const states = times.map(now => {
      const { definition, method, handled, failed, run, wait, ask } = now
      return {
        definition,
        method,
        short: windowOf(now, this.#short, atMs),
        long: windowOf(now, this.#long, atMs),
        total: { handled, failed, run, wait, ask },
      }
    })
    for (const windows of [this.#short, this.#long]) windows.add(reading, atMs)
    return states
  }

  /** Seconds that the windows cover by now. */
  covered(atMs: number): { readonly short: number; readonly long: number } {
    const since = (windows: Windows<Reading>): number => (atMs - (windows.earliest?.atMs ?? atMs)) / 1000
    return { short: since(this.#short), long: since(this.#long) }
  }
}

function windowOf(now: MethodTimes, { earliest }: Windows<Reading>, atMs: number): MethodWindow {
  // What was not there at its beginning is all new, as is what a process elsewhere began anew; without a beginning nothing is.
  const before = earliest === undefined ? now : earliest.value.get(keyOf(now))
  const { handled, failed, run, wait, ask } =
    before === undefined || before.handled > now.handled ? now : differenceOf(now, before)
  const seconds = Math.max(0.001, (atMs - (earliest?.atMs ?? atMs)) / 1000)
  return {
    handled,
    failed,
    rate: handled / seconds,
    load: run.sumMs / 1000 / seconds,
    run: summaryOf(run),
    wait: summaryOf(wait),
    ask: summaryOf(ask),
  }
}
