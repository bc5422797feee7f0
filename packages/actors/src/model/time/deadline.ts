import type { Cancellable, Clock } from '@zera/core/internal'

/** When something has to be over. That may turn out to be sooner than planned. */
export interface Deadline {
  /** Undefined when it never has to be. */
  readonly over: Promise<unknown> | undefined
  leftMs(): number
}

export const NO_DEADLINE: Deadline = { over: undefined, leftMs: () => Infinity }

/** A deadline after some time. Its timer starts with the first wait for it. */
export class Countdown implements Deadline {
  readonly #clock: Clock
  readonly #untilMs: number
  #over: Promise<void> | undefined
  #timer: Cancellable | undefined

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#untilMs = clock.now() + ms
  }

  get over(): Promise<void> | undefined {
    if (this.#untilMs !== Infinity)
      this.#over ??= new Promise(resolve => (this.#timer = this.#clock.after(this.leftMs(), resolve)))
    return this.#over
  }

  leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.now())
  }

  cancel(): void {
    this.#timer?.cancel()
  }
}

/**
 * Waits for something until a deadline at most. Resolves with whether it has settled; rejects as it does. A later
 * rejection is ignored.
 */
export async function settledBefore({ over }: Deadline, promise: unknown): Promise<boolean> {
  const settled = Promise.resolve(promise).then(() => true)
  return over === undefined ? settled : Promise.race([settled, over.then(() => false)])
}
