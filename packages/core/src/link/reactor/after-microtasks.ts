/** Node's queueMicrotask would make an AsyncResource for each call. */
const RESOLVED = Promise.resolve()

/**
 * Runs something so many microtasks later: code that was woken just now, and awaits no more often than that, has run by
 * then.
 */
export class AfterMicrotasks {
  readonly #run: () => void
  readonly #microtasks: number
  #left = 0

  constructor(microtasks: number, run: () => void) {
    this.#microtasks = microtasks
    this.#run = run
  }

  /** Begins to count. Not to be called while it counts. */
  start(): void {
    this.#left = this.#microtasks
    void RESOLVED.then(this.#count)
  }

  readonly #count = (): void => {
    this.#left -= 1
    if (this.#left > 0) void RESOLVED.then(this.#count)
    else this.#run()
  }
}
