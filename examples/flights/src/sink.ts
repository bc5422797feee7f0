import { defineActor } from '@zera/actors'
import { emptyTotals, mergeTotals, type Totals } from './totals.js'

/** What has arrived at the sink. */
export interface SinkResult {
  readonly totals: Totals
  readonly parts: number
  /** How often totals came of a part that was there already. They were not added. */
  readonly repeats: number
}

/**
 * The actor that adds up what the aggregators found.
 *
 * A worker may die after its totals have arrived here and before that is known; its part is then counted once more.
 * Therefore the sink notes which parts have come, and a part that comes twice counts once.
 */
export class Sink {
  #totals = emptyTotals()
  readonly #parts = new Set<number>()
  #repeats = 0

  /** Takes the totals of one part. */
  add(part: number, totals: Totals): void {
    if (this.#parts.has(part)) {
      this.#repeats += 1
      return
    }
    this.#totals = mergeTotals(this.#totals, totals)
    this.#parts.add(part)
  }

  /** Gives the sum of all parts that have arrived, and begins anew. */
  takeResult(): SinkResult {
    const result = { totals: this.#totals, parts: this.#parts.size, repeats: this.#repeats }
    this.#totals = emptyTotals()
    this.#parts.clear()
    this.#repeats = 0
    return result
  }
}

export default defineActor(import.meta.url, Sink)
