import { defineActor } from '@zera/actors'
import { emptyTotals, mergeTotals, type Totals } from './totals.js'

/** What has arrived at the sink. */
export interface SinkResult {
  readonly totals: Totals
  readonly rowGroups: number
  /** How often totals came of a row group that was there already. They were not added. */
  readonly repeats: number
}

/**
 * The actor that adds up what the aggregators found.
 *
 * A worker may die after its totals have arrived here and before that is known; its row group is then counted once
 * more. Therefore the sink keeps the totals by row group, and a row group that comes twice counts once.
 */
export class Sink {
  readonly #partOf = new Map<number, Totals>()
  #repeats = 0

  /** Takes the totals of one row group. */
  add(rowGroup: number, totals: Totals): void {
    if (this.#partOf.has(rowGroup)) this.#repeats += 1
    else this.#partOf.set(rowGroup, totals)
  }

  /** Gives the sum of all row groups that have arrived. */
  result(): SinkResult {
    return {
      totals: [...this.#partOf.values()].reduce(mergeTotals, emptyTotals()),
      rowGroups: this.#partOf.size,
      repeats: this.#repeats,
    }
  }
}

export default defineActor(import.meta.url, Sink)
