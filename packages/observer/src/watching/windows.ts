/** A reading of what only grows, and when it was taken. */
interface Reading<T> {
  readonly atMs: number
  readonly value: T
}

/**
 * Readings of something that only grows, from which sliding windows are taken: what it is now, and what it was some
 * seconds ago. It keeps the readings of the last second for the short window, and fewer for the long one.
 */
export class Windows<T> {
  readonly #spanMs: number
  readonly #stepMs: number
  readonly #readings: Reading<T>[] = []

  /**
   * @param spanMs The longest window.
   * @param stepMs How far apart readings are kept, at least.
   */
  constructor(spanMs: number, stepMs: number) {
    this.#spanMs = spanMs
    this.#stepMs = stepMs
  }

  /** Adds a reading. One that comes too soon after the one before is not kept. */
  add(value: T, atMs: number): void {
    const last = this.#readings.at(-1)
    if (last !== undefined && atMs - last.atMs < this.#stepMs) return
    this.#readings.push({ atMs, value })
    // One is kept that is older, so that a window is never shorter than it should be.
    while (this.#readings.length > 1 && (this.#readings[1] as Reading<T>).atMs <= atMs - this.#spanMs)
      this.#readings.shift()
  }

  /** The reading at the beginning of the window that ends now; undefined before the first. */
  get earliest(): Reading<T> | undefined {
    return this.#readings[0]
  }
}
