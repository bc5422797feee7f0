import type { Clock, Timer } from './clock.js'

interface Deadline {
  readonly at: number
  readonly key: number
}

/** All deadlines of one length, in the order in which they fall due. */
interface Bucket {
  due: Deadline[]
  /** How many it may hold before those that were settled are dropped. */
  limit: number
  timer: Timer
}

const FIRST_LIMIT = 1024

/**
 * Deadlines by number, many at a time: those of one length share one timer, because they fall due in the order in which
 * they were made. A deadline costs memory until it was settled and some more were made.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #isOpen: (key: number) => boolean
  readonly #passed: (key: number) => void
  readonly #buckets = new Map<number, Bucket>()

  /**
   * @param isOpen Whether somebody still waits under a key.
   * @param passed Is called when a deadline has passed and somebody still waits.
   */
  constructor(clock: Clock, isOpen: (key: number) => boolean, passed: (key: number) => void) {
    this.#clock = clock
    this.#isOpen = isOpen
    this.#passed = passed
  }

  /** How many are kept, settled or not. */
  get size(): number {
    return [...this.#buckets.values()].reduce((sum, { due }) => sum + due.length, 0)
  }

  /** Adds a deadline `ms` from now. */
  add(key: number, ms: number): void {
    const deadline = { at: this.#clock.now() + ms, key }
    const bucket = this.#buckets.get(ms)
    if (bucket === undefined) {
      this.#buckets.set(ms, { due: [deadline], limit: FIRST_LIMIT, timer: this.#timer(ms, ms) })
      return
    }
    bucket.due.push(deadline)
    if (bucket.due.length > bucket.limit) this.#dropSettled(bucket)
  }

  /** Stops all timers. */
  clear(): void {
    for (const { timer } of this.#buckets.values()) timer.cancel()
    this.#buckets.clear()
  }

  #timer(ms: number, inMs: number): Timer {
    return this.#clock.after(inMs, () => this.#fall(ms))
  }

  #fall(ms: number): void {
    const bucket = this.#buckets.get(ms) as Bucket
    const now = this.#clock.now()
    const firstLater = bucket.due.findIndex(({ at }) => at > now)
    const passed = bucket.due.splice(0, firstLater < 0 ? bucket.due.length : firstLater)
    this.#dropSettled(bucket)
    const [next] = bucket.due
    if (next === undefined) this.#buckets.delete(ms)
    else bucket.timer = this.#timer(ms, next.at - now)
    for (const { key } of passed) if (this.#isOpen(key)) this.#passed(key)
  }

  /** It doubles the limit over what is left, so that it costs little however many are open. */
  #dropSettled(bucket: Bucket): void {
    bucket.due = bucket.due.filter(({ key }) => this.#isOpen(key))
    bucket.limit = Math.max(FIRST_LIMIT, 2 * bucket.due.length)
  }
}
