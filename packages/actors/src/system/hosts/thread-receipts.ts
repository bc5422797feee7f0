import type { Leftovers, ThreadReceipt } from '@zera/core/internal'
import { addLeftovers } from '../../model/events/system-receipt.js'

/** A system that runs for months may have had more threads than it can remember. */
const MAX_RECEIPTS = 1000

/** The receipts of threads that have ended: the last ones, and the sum of all. */
export class ThreadReceipts {
  readonly #last: ThreadReceipt[] = []
  #count = 0
  #left: Leftovers = addLeftovers([])

  add(receipt: ThreadReceipt): void {
    this.#count += 1
    this.#left = addLeftovers([this.#left, receipt.left ?? {}])
    this.#last.push(receipt)
    if (this.#last.length > MAX_RECEIPTS) this.#last.shift()
  }

  /** The last thousand, oldest first. */
  get last(): readonly ThreadReceipt[] {
    return this.#last
  }

  /** How many there ever were. */
  get count(): number {
    return this.#count
  }

  /** What all of them had left open. */
  get left(): Leftovers {
    return this.#left
  }
}
