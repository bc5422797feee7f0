import type { HostTimes } from './host-times.js'

/**
 * Of fast messages that come close behind each other, one in so many is measured. A prime, so that no pattern is
 * missed.
 */
const APART = 251
/** Milliseconds above which a look at the clock costs next to nothing, so each message is measured. */
const SLOW_MS = 0.05
/** Microseconds of a stamp: half an hour, in a word that V8 keeps without an object. */
const STAMPS = 0x7fff_ffff

/**
 * Measures the messages of one actor: how long they wait, and how long they are handled. What it does for each message
 * is little, since a small one takes a quarter of a microsecond in all.
 */
export class MessageTimer {
  readonly #times: HostTimes
  readonly #counters: Float64Array
  readonly #definition: string
  /** The method of the message before, and its entry: more often than not it is the same. */
  #method: string | undefined
  #entry = 0
  /** Where such messages are counted. */
  #counter = 0
  /** Messages of it that were handled and are not written down yet. */
  #handled = 0
  /** How many messages one counts for that is measured. */
  #apart = APART
  #unmeasured = 0
  /** Whether there is more to do about the current message than to count it. */
  #isMarked = false
  #isMeasured = false
  #hasFailed = false
  /** When the current one began, if it is measured, and for how many it counts. */
  #begunAt = 0
  #counts = 1

  constructor(times: HostTimes, definition: string) {
    this.#times = times
    this.#counters = times.counters
    this.#definition = definition
  }

  /**
   * A message has arrived. Returns its stamp, 0 when it is not measured.
   *
   * @param isFirst Whether nothing is handled, and nothing waits. Such a message costs a turn of its thread anyway, and
   *   the look at the clock little of it.
   */
  arrived(isFirst: boolean): number {
    if (!isFirst && ++this.#unmeasured < this.#apart) return 0
    return this.#stamp(isFirst)
  }

  /**
   * A message is about to be handled that has a stamp.
   *
   * @param stamp What `arrived` gave it.
   * @param method See `end`.
   */
  begin(stamp: number, method: string | undefined): void {
    if (method === undefined) return
    if (method !== this.#method) this.#change(method)
    this.flush()
    const now = this.#times.clock.now()
    this.#counts = stamp < 0 ? 1 : this.#apart
    this.#begunAt = now
    this.#isMeasured = true
    this.#isMarked = true
    this.#times.waited(this.#entry, ((this.#stampOf(now) - Math.abs(stamp)) & STAMPS) / 1000, this.#counts)
  }

  /**
   * Its handler awaits something. Each of these is measured.
   *
   * @param lookedAt When the scheduler last looked at the clock, which was a moment ago.
   */
  yield(lookedAt: number): void {
    if (!this.#isMeasured) this.#begunAt = lookedAt
    this.#counts = 1
    this.#isMeasured = true
    this.#isMarked = true
  }

  /** Its handler has thrown. */
  fail(): void {
    this.#hasFailed = true
    this.#isMarked = true
  }

  /**
   * It has been handled.
   *
   * @param method That of the call: what takes more of a stream is part of the call that opened it. Undefined for what
   *   does not count: what was put aside, what the actor sends itself, as timers do, and what is left of a stream that
   *   is over.
   */
  end(method: string | undefined): void {
    if (method !== undefined) {
      if (method !== this.#method) this.#change(method)
      this.#handled += 1
      if (this.#isMarked) this.#note(this.#entry)
    }
    if (this.#isMarked) this.#unmark()
  }

  /**
   * Writes down what was counted, for others to read. It is due when no message waits; a message that is measured does
   * it too, so that at most 250 are not written down.
   */
  flush(): void {
    if (this.#handled === 0) return
    this.#counters[this.#counter] = (this.#counters[this.#counter] as number) + this.#handled
    this.#handled = 0
  }

  #change(method: string): void {
    this.flush()
    this.#method = method
    this.#entry = this.#times.entryOf(this.#definition, method)
    this.#counter = this.#times.counterOf(this.#entry)
  }

  #stamp(isFirst: boolean): number {
    const stamp = this.#stampOf(this.#times.clock.now())
    if (isFirst) return -stamp
    this.#unmeasured = 0
    return stamp
  }

  #note(entry: number): void {
    if (this.#hasFailed) this.#times.failed(entry)
    if (!this.#isMeasured) return
    const ms = this.#times.clock.now() - this.#begunAt
    this.#times.ran(entry, ms, this.#counts)
    this.#apart = ms > SLOW_MS ? 1 : APART
  }

  #unmark(): void {
    this.#isMarked = false
    this.#isMeasured = false
    this.#hasFailed = false
  }

  /** Never 0. */
  #stampOf(ms: number): number {
    return Math.trunc(ms * 1000) & STAMPS || 1
  }
}
