/**
 * Measures how long a thread missed its regular look at the time: it was busy, or the machine was asleep.
 *
 * The thread has not read what peers sent meanwhile, so that time does not count as their silence.
 */
export class Absence {
  readonly #everyMs: number
  #lookedMs: number

  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs
    this.#lookedMs = nowMs
  }

  /**
   * Looks. Returns the milliseconds beyond the usual ones since the last look; 0 when that was not even twice as long
   * ago as usual.
   */
  look(nowMs: number): number {
    const lateMs = nowMs - this.#lookedMs - this.#everyMs
    this.#lookedMs = nowMs
    return lateMs > this.#everyMs ? lateMs : 0
  }
}
