import { monotonicMs } from '../base/runtime/real-timers.js'

const RINGS = 0
/** The mark of the last ring that the owner has seen before it went to sleep; 0 while it is awake, or `LOOKING`. */
const SLEEP = 1

/** The owner is awake and looks for a ring. Marks are odd. */
const LOOKING = 2

/**
 * A shared word that wakes a sleeping thread. It carries no data: the woken thread looks at its links.
 *
 * A thread sleeps on its bell and not on a socket, so that no native operation is pending when it dies (hazard H1).
 */
export class Bell {
  readonly #words: Int32Array
  /** Whether the owner will be notified. */
  #isArmed = false
  /** What the owner does when it wakes up; undefined while it is awake. */
  #woken: (() => void) | undefined

  /** @param words Two shared 32-bit words, zero at first. */
  constructor(words: Int32Array) {
    this.#words = words
  }

  /** How often it has rung; it wraps around. Read it before looking for work, and give it to `sleep`. */
  get rings(): number {
    return Atomics.load(this.#words, RINGS)
  }

  /** Whether the owner has nothing to do, for any thread. */
  get isIdle(): boolean {
    return Atomics.load(this.#words, SLEEP) !== 0
  }

  /** Rings, from any thread. Costs a wake only when the owner sleeps. Returns whether the owner was looking for it. */
  ring(): boolean {
    const ring = Atomics.add(this.#words, RINGS, 1) + 1
    const sleep = Atomics.load(this.#words, SLEEP)
    if (sleep === LOOKING) return true
    // A sleep that began when this ring was seen waits for others, which find that word as it is.
    if (sleep === 0 || ((markOf(ring) - sleep) | 0) <= 0) return false
    Atomics.notify(this.#words, RINGS)
    // A burst of rings costs one wake. Last, since this thread may be killed between any two of these lines.
    Atomics.compareExchange(this.#words, SLEEP, sleep, 0)
    return false
  }

  /**
   * Looks, in the owner alone, until it has rung more often than `seen`, for so many milliseconds at most, and as long
   * as it may. Returns whether it has.
   */
  spin(seen: number, maxMs: number, mayGoOn: () => boolean): boolean {
    const end = monotonicMs() + maxMs
    Atomics.store(this.#words, SLEEP, LOOKING)
    while (this.rings === seen && monotonicMs() <= end && mayGoOn());
    Atomics.store(this.#words, SLEEP, 0)
    return this.rings !== seen
  }

  /**
   * Lets the owner sleep until it has rung more often than `seen`: then it calls `woken`, which must not throw. Returns
   * false when it has rung already, and the owner does not sleep.
   *
   * A waiter that no ring has used is kept, so sleeping again takes two atomic operations.
   */
  sleep(seen: number, woken: () => void): boolean {
    // Whoever rings adds to the rings and then looks whether the owner sleeps: so either that is seen, or the ring is here.
    Atomics.store(this.#words, SLEEP, markOf(seen))
    const isAsleep = this.rings === seen && (this.#isArmed || this.#arm(seen))
    if (isAsleep) this.#woken = woken
    else this.rouse()
    return isAsleep
  }

  /**
   * Says that the owner, which slept, is awake by itself: no ring wakes it, which would cost whoever rings a call into
   * the system. It must `sleep` again, or look for work.
   */
  rouse(): void {
    this.#woken = undefined
    Atomics.store(this.#words, SLEEP, 0)
  }

  #arm(seen: number): boolean {
    const waiting = Atomics.waitAsync(this.#words, RINGS, seen)
    if (waiting.async) void waiting.value.then(this.#notified)
    this.#isArmed = waiting.async
    return waiting.async
  }

  readonly #notified = (): void => {
    this.#isArmed = false
    const woken = this.#woken
    this.rouse()
    woken?.()
  }
}

/** Is never 0, and grows by 2 with each ring; it wraps around, as they do. */
function markOf(rings: number): number {
  return (rings << 1) | 1
}
