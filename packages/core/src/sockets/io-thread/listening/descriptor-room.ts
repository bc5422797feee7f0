import { monotonicMs } from '../../../base/runtime/real-timers.js'
import { canOpen, countDescriptors } from '../../../words/descriptors.js'

/** What is left to whatever else the process does. */
const KEPT_DESCRIPTORS = 16
/** Milliseconds for which a count holds. Counting looks at each descriptor. */
const COUNT_MS = 50
/** Where the system does not say how many there are, so many are asked for at a time. */
const TRIED_DESCRIPTORS = 16

/** Descriptors that connections may take. ZeroMQ does not stop trying when it has none, so it must not come to that. */
export class DescriptorRoom {
  #left = 0
  #countedAt = -Infinity

  /**
   * Takes some, if there are so many.
   *
   * @param underWay Descriptors that were granted and will still be taken.
   */
  take(descriptors: number, underWay: number): boolean {
    const now = monotonicMs()
    if (now >= this.#countedAt + COUNT_MS) {
      this.#countedAt = now
      // Others take some, too, until they are counted again.
      const free = freeDescriptors() - KEPT_DESCRIPTORS - underWay
      this.#left = free > 2 * KEPT_DESCRIPTORS ? Math.floor(free / 2) : free
    }
    if (this.#left < descriptors) return false
    this.#left -= descriptors
    return true
  }

  /** Some were given back. */
  give(descriptors: number): void {
    this.#left += descriptors
  }
}

function freeDescriptors(): number {
  const count = countDescriptors()
  if (count !== undefined) return count.limit - count.open
  return canOpen(KEPT_DESCRIPTORS + TRIED_DESCRIPTORS) ? KEPT_DESCRIPTORS + TRIED_DESCRIPTORS : 0
}
