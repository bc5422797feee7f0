import { onAbort } from '../time/on-abort.js'

/** The callers that wait for one thing that happens now and then. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  /** How many wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** Resolves at the next wake, or when the signal aborts: then nothing is left of the wait. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal === undefined) {
        this.#waiting.add(resolve)
        return
      }
      const wake = (): void => {
        forget()
        resolve()
      }
      const forget = onAbort(signal, () => {
        this.#waiting.delete(wake)
        resolve()
      })
      this.#waiting.add(wake)
    })
  }

  /** Wakes all that wait now; each looks for itself whether it is time. */
  wake(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
