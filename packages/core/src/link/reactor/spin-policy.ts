/**
 * A wait that may have been this short for want of a wake: waking an idle core takes 25 to 100 microseconds on each
 * side, and several times that in a virtual machine.
 */
const SHORT_MS = 1
const SHORT_WAITS_BEFORE = 3
/** A ring that comes so soon saves more than looking for it costs. */
const SOON_MS = 0.1
/** How long a thread looks because a peer did: the peer has to handle what it got. */
const RETURNED_MS = 0.2
/** Rings in a row that may come later: the first ones are those of a peer that still slept. */
const LATE_RINGS = 2
const LONGEST_PENALTY = 256
const LONGEST_RETURNED_PENALTY = 16

/**
 * Decides how long a thread looks for a ring before it goes to sleep.
 *
 * Where two threads answer each other back to back, looking saves both wakes. Everywhere else it burns a core, so it is
 * done only after several short waits in a row, for somewhat longer than the last of them, and no more after one that
 * was in vain, for twice as many short waits as the last time. It was in vain when no ring came, or when rings come as
 * late as if the thread had slept.
 *
 * Both have to look at the same time. So a thread also looks when the peer that it rang was looking.
 */
export class SpinPolicy {
  #shortWaits = 0
  #waitMs = 0
  #lateRings = 0
  readonly #own = new Penalty(LONGEST_PENALTY)
  /** Of looking because a peer did. */
  readonly #returned = new Penalty(LONGEST_RETURNED_PENALTY)
  #isReturned = false

  /**
   * Milliseconds to look before the next sleep; 0 most of the time.
   *
   * @param hasPeerLooked Whether a peer that was rung looked for that.
   */
  spinMs(hasPeerLooked: boolean): number {
    this.#isReturned = hasPeerLooked && this.#returned.isOver
    if (this.#isReturned) return RETURNED_MS
    if (hasPeerLooked) this.#returned.served()
    if (this.#shortWaits < SHORT_WAITS_BEFORE || !this.#own.isOver) return 0
    return Math.max(SOON_MS, Math.min(SHORT_MS, 1.5 * this.#waitMs))
  }

  /**
   * Notes that a ring came while the thread looked.
   *
   * @param ms How long it had looked.
   */
  spun(ms: number): void {
    if (ms <= SOON_MS) {
      this.#own.forget()
      this.#returned.forget()
      this.#lateRings = 0
    } else if (++this.#lateRings > LATE_RINGS) this.#wasInVain()
  }

  /**
   * Notes a sleep.
   *
   * @param hadSpun Whether the thread had looked before, in vain.
   */
  slept(ms: number, hadSpun: boolean): void {
    if (hadSpun) this.#wasInVain()
    else if (ms > SHORT_MS) this.#shortWaits = 0
    else {
      this.#waitMs = ms
      this.#shortWaits += 1
      this.#own.served()
    }
  }

  #wasInVain(): void {
    this.#lateRings = 0
    const penalty = this.#isReturned ? this.#returned : this.#own
    penalty.impose()
  }
}

/** Chances to let pass after something was in vain: twice as many as the last time. */
class Penalty {
  readonly #longest: number
  #left = 0
  #next = 1

  constructor(longest: number) {
    this.#longest = longest
  }

  get isOver(): boolean {
    return this.#left === 0
  }

  impose(): void {
    this.#left = this.#next
    this.#next = Math.min(2 * this.#next, this.#longest)
  }

  /** One chance has passed. */
  served(): void {
    if (this.#left > 0) this.#left -= 1
  }

  forget(): void {
    this.#next = 1
  }
}
