/** The callers that wait for one thing that happens now and then. */
export class Waiters {
  readonly #waiting: (() => void)[] = []

  /** Resolves at the next wake. */
  wait(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  /** Wakes all that wait now; each looks for itself whether it is time. */
  wake(): void {
    if (this.#waiting.length > 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
