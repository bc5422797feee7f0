import type { Clock } from '@zera/core/internal'

/**
 * How long actors have delayed a stop of several beyond their deadlines, thread by thread.
 *
 * The stop goes one actor after the other, so a hanging thread would take the time of each. The time that one actor
 * uses up counts for all on its thread: they went on working meanwhile, and have little left to do.
 */
export class Lateness {
  readonly #clock: Clock
  readonly #spent = new Map<number, { readonly ms: number; readonly until: number }>()
  #stops = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Stops several, whose deadlines are shared meanwhile. */
  async share<T>(stop: () => Promise<T>): Promise<T> {
    this.#stops += 1
    try {
      return await stop()
    } finally {
      this.#stops -= 1
      if (this.#stops === 0) this.#spent.clear()
    }
  }

  /** Milliseconds that late ones on a host have taken. */
  spentOn(host: number): number {
    return this.#spent.get(host)?.ms ?? 0
  }

  /** Stops one, and takes note of its time when it was late. */
  async measure<T extends { readonly outcome: string }>(
    host: number,
    stop: (spentMs: number) => Promise<T>,
  ): Promise<T> {
    const before = this.#clock.now()
    const ended = await stop(this.spentOn(host))
    if (this.#stops > 0 && ended.outcome === 'hurried') {
      // Of several that are stopped together the time is counted once.
      const [now, spent] = [this.#clock.now(), this.#spent.get(host)]
      this.#spent.set(host, {
        ms: (spent?.ms ?? 0) + Math.max(0, now - Math.max(before, spent?.until ?? before)),
        until: now,
      })
    }
    return ended
  }
}
