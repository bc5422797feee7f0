import { cancellable, type Cancellable } from '@zera/core/internal'

interface Event {
  readonly atMs: number
  readonly run: () => void
}

/**
 * The future events of a simulation, first due first; events due at the same time in the order of their addition. Only
 * `next` moves its time.
 */
export class Agenda {
  /** Last due first, so that the next is taken from the end. */
  readonly #events: Event[] = []
  #nowMs = 0

  get nowMs(): number {
    return this.#nowMs
  }

  /** Adds something that happens after a time. */
  add(delayMs: number, run: () => void): Cancellable {
    return this.addAt(this.#nowMs + delayMs, run)
  }

  /** Adds something that happens at a time. */
  addAt(atMs: number, run: () => void): Cancellable {
    const event = { atMs, run }
    this.#events.splice(this.#placeOf(atMs), 0, event)
    return cancellable(() => {
      const index = this.#events.indexOf(event)
      if (index >= 0) this.#events.splice(index, 1)
    })
  }

  /** Moves time to the next due event, and runs it. Returns whether there was one. */
  next(): boolean {
    const event = this.#events.pop()
    if (event === undefined) return false
    this.#nowMs = event.atMs
    event.run()
    return true
  }

  /** Before all that are due at the same time or earlier. */
  #placeOf(atMs: number): number {
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle] as Event).atMs > atMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
