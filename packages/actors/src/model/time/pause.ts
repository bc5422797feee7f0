import type { Clock } from '@zera/core/internal'

/** A wait that can be cut short. */
export class Pause {
  readonly #clock: Clock
  #end: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Waits this many milliseconds, or until it is ended. One wait at a time. */
  async wait(ms: number): Promise<void> {
    if (ms <= 0) return
    await new Promise<void>(resolve => {
      const timer = this.#clock.after(ms, resolve)
      this.#end = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#end = () => undefined
  }

  /** Ends the current wait, if there is one. */
  end(): void {
    this.#end()
  }
}
