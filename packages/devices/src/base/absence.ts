/**
 * Tells for how long a thread that wants to look at the time every so often did not come to it: it was busy, or the
 * machine was asleep.
 *
 * What peers have said meanwhile has not been read, so such a time is no silence of theirs.
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
