import type { Clock } from '../clock.js'

/**
 * What actors have kept a stop of several waiting for beyond their deadlines, thread by thread.
 *
 * They are stopped one after the other, so a thread that hangs would take the time of each. The time that one has used up is the time of all on its thread: they went on working meanwhile, and what they have left is little.
 */
export class Lateness {
  readonly #clock: Clock
  readonly #spentMs = new Map<number, number>()
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
      if (this.#stops === 0) this.#spentMs.clear()
    }
  }

  /** Milliseconds that late ones on a host have taken. */
  spentOn(host: number): number {
    return this.#spentMs.get(host) ?? 0
  }

  /** Stops one, and takes note of its time when it was late. */
  async measure<T extends { readonly outcome: string }>(host: number, stop: (spentMs: number) => Promise<T>): Promise<T> {
    const before = this.#clock.now()
    const ended = await stop(this.spentOn(host))
    if (this.#stops > 0 && ended.outcome === 'hurried') this.#spentMs.set(host, this.spentOn(host) + this.#clock.now() - before)
    return ended
  }
}
