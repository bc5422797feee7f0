import { monotonicMs } from '../base/runtime/real-timers.js'

const RINGS = 0
const ASLEEP = 1

/**
 * A shared word that wakes a sleeping thread. It carries no data: the woken thread looks at its links.
 *
 * A thread sleeps on its bell and not on a socket, so that no native operation is pending when it dies (hazard H1).
 */
export class Bell {
  readonly #words: Int32Array

  /** @param words Two shared 32-bit words, zero at first. */
  constructor(words: Int32Array) {
    this.#words = words
  }

  /** How often it has rung; it wraps around. Read it before looking for work, and give it to `sleep`. */
  get rings(): number {
    return Atomics.load(this.#words, RINGS)
  }

  /** Rings, from any thread. Costs a wake only when the owner sleeps. */
  ring(): void {
    Atomics.add(this.#words, RINGS, 1)
    // The thread that takes the word down wakes the sleeper, so a burst of rings costs one wake.
    if (Atomics.load(this.#words, ASLEEP) === 1 && Atomics.compareExchange(this.#words, ASLEEP, 1, 0) === 1)
      Atomics.notify(this.#words, RINGS)
  }

  /**
   * Looks, in the owner alone, until it has rung more often than `seen`, for so many milliseconds at most. Returns
   * whether it has.
   */
  spin(seen: number, maxMs: number): boolean {
    const end = monotonicMs() + maxMs
    while (this.rings === seen) if (monotonicMs() > end) return false
    return true
  }

  /**
   * Lets the owner sleep until it has rung more often than `seen`: then it calls `woken`, which must not throw. Returns
   * false when it has rung already, and the owner does not sleep.
   */
  sleep(seen: number, woken: () => void): boolean {
    Atomics.store(this.#words, ASLEEP, 1)
    const waiting = Atomics.waitAsync(this.#words, RINGS, seen)
    if (waiting.async) void waiting.value.then(() => this.#wake(woken))
    else this.#wake()
    return waiting.async
  }

  #wake(woken?: () => void): void {
    Atomics.store(this.#words, ASLEEP, 0)
    woken?.()
  }
}
