import { guarded } from '@zera/core'
import type { Clock, Timer } from './clock.js'

/** All deadlines of one length, in the order in which they fall due: their keys, and beside them when. Two arrays of numbers need no object for each. */
interface Bucket {
  keys: number[]
  ats: number[]
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
    return [...this.#buckets.values()].reduce((sum, { keys }) => sum + keys.length, 0)
  }

  /** Adds a deadline `ms` from now. */
  add(key: number, ms: number): void {
    const at = this.#clock.now() + ms
    const bucket = this.#buckets.get(ms)
    if (bucket === undefined) {
      this.#buckets.set(ms, { keys: [key], ats: [at], limit: FIRST_LIMIT, timer: this.#timer(ms, ms) })
      return
    }
    bucket.keys.push(key)
    bucket.ats.push(at)
    if (bucket.keys.length > bucket.limit) this.#dropSettled(bucket)
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
    const firstLater = bucket.ats.findIndex(at => at > now)
    const passed = bucket.keys.splice(0, firstLater < 0 ? bucket.keys.length : firstLater)
    bucket.ats.splice(0, passed.length)
    this.#dropSettled(bucket)
    const [next] = bucket.ats
    if (next === undefined) this.#buckets.delete(ms)
    else bucket.timer = this.#timer(ms, next - now)
    for (const key of passed) if (this.#isOpen(key)) guarded(() => this.#passed(key))
  }

  /** It doubles the limit over what is left, so that it costs little however many are open. */
  #dropSettled(bucket: Bucket): void {
    let kept = 0
    // With `entries()` each deadline would make an array.
    for (let index = 0; index < bucket.keys.length; index++) {
      const key = bucket.keys[index] as number
      if (!this.#isOpen(key)) continue
      bucket.keys[kept] = key
      bucket.ats[kept] = bucket.ats[index] as number
      kept += 1
    }
    bucket.keys.length = bucket.ats.length = kept
    bucket.limit = Math.max(FIRST_LIMIT, 2 * kept)
  }
}
