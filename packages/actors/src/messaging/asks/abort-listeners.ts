import { whenAborted, type Clock } from '@zera/core/internal'

interface Group {
  readonly keys: Set<number>
  readonly forget: () => void
}

/** Listens to signals on behalf of many waiters, each with a number: one listener per signal. */
export class AbortListeners {
  readonly #clock: Clock
  readonly #aborted: (key: number, reason: unknown) => void
  readonly #groups = new Map<AbortSignal, Group>()

  /** @param aborted Called for each waiter on a signal that aborts. */
  constructor(clock: Clock, aborted: (key: number, reason: unknown) => void) {
    this.#clock = clock
    this.#aborted = aborted
  }

  add(signal: AbortSignal, key: number): void {
    const group = this.#groups.get(signal)
    if (group === undefined) this.#groups.set(signal, this.#listen(signal, key))
    else group.keys.add(key)
  }

  delete(signal: AbortSignal, key: number): void {
    const group = this.#groups.get(signal)
    if (group === undefined) return
    group.keys.delete(key)
    if (group.keys.size > 0) return
    this.#groups.delete(signal)
    group.forget()
  }

  #listen(signal: AbortSignal, key: number): Group {
    const keys = new Set([key])
    const forget = whenAborted(this.#clock, signal, () => {
      this.#groups.delete(signal)
      for (const waiting of keys) this.#aborted(waiting, signal.reason)
    })
    return { keys, forget }
  }
}
