/**
 * A wait that may have been this short for want of a wake: waking an idle core takes 25 to 100 microseconds on each
 * side.
 */
const SHORT_MS = 0.3
/** How long a thread looks for a ring before it sleeps. It covers the wake of a peer that sleeps itself. */
const SPIN_MS = 0.1
const SHORT_WAITS_BEFORE = 3
const LONGEST_PENALTY = 1024

/**
 * Decides how long a thread looks for a ring before it goes to sleep.
 *
 * Where two threads answer each other back to back, looking saves both wakes. Everywhere else it burns a core, so it is
 * done only after several short waits in a row, and no more after one that was in vain, for twice as many short waits
 * as the last time.
 */
export class SpinPolicy {
  #shortWaits = 0
  #penalty = 0
  #nextPenalty = 1

  /** Milliseconds to look before the next sleep; 0 most of the time. */
  get spinMs(): number {
    return this.#shortWaits >= SHORT_WAITS_BEFORE && this.#penalty === 0 ? SPIN_MS : 0
  }

  /** Notes that a ring came while the thread looked. */
  spun(): void {
    this.#nextPenalty = 1
  }

  /**
   * Notes a sleep.
   *
   * @param hadSpun Whether the thread had looked before, in vain.
   */
  slept(ms: number, hadSpun: boolean): void {
    if (hadSpun) {
      this.#penalty = this.#nextPenalty
      this.#nextPenalty = Math.min(2 * this.#nextPenalty, LONGEST_PENALTY)
    } else if (ms > SHORT_MS) {
      this.#shortWaits = 0
    } else {
      this.#shortWaits += 1
      if (this.#penalty > 0) this.#penalty -= 1
    }
  }
}
