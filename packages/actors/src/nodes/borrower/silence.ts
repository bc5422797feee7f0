/** A look that comes so much later than it was due comes from a thread that was busy or suspended. */
const ABSENT_MS = 20
/** The share of the deadline by which a node ends its threads before it is given up. */
const GRACE_SHARE = 0.05

/** How long a node was silent while this thread could hear it. It does no IO and has no clock. */
export class Silence {
  readonly #limitMs: number
  #heardMs: number

  /** @param deadlineMs After how much of it the node ends its threads. */
  constructor(deadlineMs: number, nowMs: number) {
    this.#limitMs = deadlineMs * (1 + GRACE_SHARE)
    this.#heardMs = nowMs
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs
  }

  /**
   * The owner looks, so much later than due. That delay does not count as silence: the node may have sent something
   * meanwhile.
   */
  look(nowMs: number, lateMs: number): void {
    if (lateMs > ABSENT_MS) this.#heardMs = Math.min(this.#heardMs + lateMs, nowMs)
  }

  /** How long it has lasted. */
  lastedMs(nowMs: number): number {
    return nowMs - this.#heardMs
  }

  /** Milliseconds until it is too long; less than 0 when it is. */
  leftMs(nowMs: number): number {
    return this.#limitMs - this.lastedMs(nowMs)
  }
}
