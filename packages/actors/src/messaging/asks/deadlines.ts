import { catchUp, guarded, type Clock, type Cancellable } from '@zera/core/internal'

/** How many are kept before settled ones are dropped. */
const FIRST_LIMIT = 1024
/**
 * The longest that a timer waits. So it never outlives the last deadline by more than that, however long that deadline
 * was.
 */
const LONGEST_WAIT_MS = 1000

/**
 * Deadlines by number, many at a time, of whatever lengths: they share one timer, for the one that falls due first.
 *
 * A deadline costs two numbers until it is settled and some more have been added. At most a thousand settled ones are
 * kept, for at most a second when nothing else waits. They are in a heap, which appends a deadline of a usual length
 * after looking at no more than one other.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #isOpen: (key: number) => boolean
  readonly #passed: (key: number) => void
  readonly #keys: number[] = []
  readonly #ats: number[] = []
  #limit = FIRST_LIMIT
  #timer: Cancellable | undefined
  #timerAt = Infinity

  /**
   * @param isOpen Whether a waiter still exists under a key.
   * @param passed Called when a deadline has passed, everything that had arrived by then was received, and a waiter is
   *   still there.
   */
  constructor(clock: Clock, isOpen: (key: number) => boolean, passed: (key: number) => void) {
    this.#clock = clock
    this.#isOpen = isOpen
    this.#passed = passed
  }

  /** How many are kept, settled or not. */
  get size(): number {
    return this.#keys.length
  }

  /** Adds a deadline `ms` from now. */
  add(key: number, ms: number): void {
    const now = this.#clock.now()
    if (this.#keys.length >= this.#limit) this.#dropSettled()
    this.#put(key, now + ms)
    if (now + ms < this.#timerAt) this.#wait(now)
  }

  /** Stops the timer, and forgets all. */
  clear(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerAt = Infinity
    this.#keys.length = this.#ats.length = 0
  }

  /** Waits for the first one, but not for as long as a settled one might be first. */
  #wait(now: number): void {
    this.#timer?.cancel()
    const waitMs = Math.min((this.#ats[0] as number) - now, LONGEST_WAIT_MS)
    this.#timerAt = now + waitMs
    this.#timer = this.#clock.after(waitMs, () => this.#fall())
  }

  #fall(): void {
    this.#timer = undefined
    this.#timerAt = Infinity
    const now = this.#clock.now()
    const lateMs = now - (this.#ats[0] ?? now)
    const due: number[] = []
    while (this.#keys.length > 0 && ((this.#ats[0] as number) <= now || !this.#isOpen(this.#keys[0] as number))) {
      const key = this.#takeFirst()
      if (this.#isOpen(key)) due.push(key)
    }
    if (this.#keys.length > 0) this.#wait(now)
    if (due.length > 0) catchUp(this.#clock, lateMs, () => this.#tell(due))
  }

  #tell(due: readonly number[]): void {
    for (const key of due) if (this.#isOpen(key)) guarded(() => this.#passed(key))
  }

  /** It doubles the limit over what is left, so that it costs little however many are open. */
  #dropSettled(): void {
    const [keys, ats] = [this.#keys, this.#ats]
    let kept = 0
    // With `entries()` each deadline would make an array.
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as number
      if (!this.#isOpen(key)) continue
      keys[kept] = key
      ats[kept] = ats[index] as number
      kept += 1
    }
    keys.length = ats.length = kept
    for (let index = (kept >>> 1) - 1; index >= 0; index--) this.#sink(index)
    this.#limit = Math.max(FIRST_LIMIT, 2 * kept)
  }

  #put(key: number, at: number): void {
    const [keys, ats] = [this.#keys, this.#ats]
    let index = keys.length
    keys.push(key)
    ats.push(at)
    while (index > 0) {
      const parent = (index - 1) >>> 1
      if ((ats[parent] as number) <= at) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #takeFirst(): number {
    this.#swap(0, this.#keys.length - 1)
    this.#ats.pop()
    const key = this.#keys.pop() as number
    this.#sink(0)
    return key
  }

  #sink(from: number): void {
    const ats = this.#ats
    for (let index = from; ;) {
      let child = 2 * index + 1
      if (child >= ats.length) return
      if (child + 1 < ats.length && (ats[child + 1] as number) < (ats[child] as number)) child += 1
      if ((ats[index] as number) <= (ats[child] as number)) return
      this.#swap(index, child)
      index = child
    }
  }

  #swap(one: number, other: number): void {
    const [keys, ats] = [this.#keys, this.#ats]
    const [key, at] = [keys[one] as number, ats[one] as number]
    keys[one] = keys[other] as number
    ats[one] = ats[other] as number
    keys[other] = key
    ats[other] = at
  }
}
