import { toError, type Clock, type ThreadReceipt, type Cancellable } from '@zera/core/internal'
import { DEFAULT_PACE, NO_STREAK, planBackoff } from '../../model/supervision/backoff.js'
import { Pause } from '../../model/time/pause.js'
import type { Random } from '../../model/time/random.js'
import { signalHost } from '../../platform/host-signals.js'
import type { HostThread, StartHostThread } from '../../platform/platform.js'
import { ThreadReceipts } from './thread-receipts.js'

/** Milliseconds between taking a spare and starting the next: the caller that waits for the taken one goes first. */
const REFILL_AFTER_MS = 50

/** What spare threads are made of. */
export interface SpareOptions {
  /** How many are kept ready. */
  readonly count: number
  readonly name: string
  readonly container: string | undefined
  readonly startMs: number
  readonly startThread: StartHostThread
  readonly clock: Clock
  readonly random: Random
  /** Called with the reason when a spare thread did not start. Another one starts when the next is taken. */
  readonly failed: (error: Error) => void
}

/**
 * Threads that are ready to become hosts. When one is needed, a spare takes the given number at once, and another spare
 * starts.
 */
export class SpareThreads {
  readonly #options: SpareOptions
  readonly #ready: HostThread[] = []
  readonly #starting = new Set<Promise<void>>()
  readonly #lost = new ThreadReceipts()
  readonly #pause: Pause
  #pausing: Promise<void> | undefined
  /** How many spare threads in a row died soon after their start. */
  #streak = NO_STREAK
  readonly #stopped: ThreadReceipt[] = []
  readonly #modules = new Set<string>()
  #refill: Cancellable | undefined
  #started = 0
  #isReferenced = true
  #isStopping = false

  constructor(options: SpareOptions) {
    this.#options = options
    this.#pause = new Pause(options.clock)
  }

  /** How many are ready. */
  get size(): number {
    return this.#ready.length
  }

  /** Of those that were never taken and have died. */
  get receipts(): ThreadReceipts {
    return this.#lost
  }

  /** Of those that were ready until they were stopped. */
  get lastReceipts(): readonly ThreadReceipt[] {
    return this.#stopped
  }

  /**
   * Takes a suitable spare thread if there is one, else starts a thread. A thread gets its heap limit and its own
   * settings at its start, so no spare thread has them. A thread that was spare goes on reporting itself under its old
   * name: the place that it takes knows the new one.
   */
  readonly start: StartHostThread = async options => {
    const { place } = options.data
    const { maxRssMb } = options
    const spare = options.maxHeapMb === undefined && options.settings === undefined ? this.#ready.shift() : undefined
    if (spare === undefined || place === undefined) return this.#options.startThread(options)
    if (maxRssMb !== undefined) spare.process?.limitRss(maxRssMb)
    signalHost(spare.link, { signal: 'assume' }, { content: place, transfer: [] })
    if (!this.#isReferenced) spare.ref()
    const { clock, failed } = this.#options
    this.#refill?.cancel()
    this.#refill = clock.after(
      REFILL_AFTER_MS,
      () => void this.#fill().catch((error: unknown) => failed(toError(error))),
    )
    return spare
  }

  /**
   * Makes all spare threads import a module of which actors have been started, so that taking a spare does not wait for
   * the import.
   */
  preload(url: string): void {
    if (this.#options.count === 0 || this.#modules.has(url)) return
    this.#modules.add(url)
    for (const spare of this.#ready) signalHost(spare.link, { signal: 'preload', data: { url } })
  }

  /**
   * Starts as many as there are to be.
   *
   * @throws {ThreadStartError} When one does not become ready.
   */
  async fill(): Promise<void> {
    await this.#fill()
  }

  /** Stops all that were never taken. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true
    this.#refill?.cancel()
    this.#pause.end()
    await Promise.allSettled(this.#starting)
    this.#stopped.push(...(await Promise.all(this.#ready.splice(0).map(spare => spare.stop({ timeoutMs })))))
  }

  /** Kills all that were never taken. */
  async kill(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#ready.map(spare => spare.kill()))
  }

  ref(): void {
    this.#isReferenced = true
    for (const spare of this.#ready) spare.ref()
  }

  unref(): void {
    this.#isReferenced = false
    for (const spare of this.#ready) spare.unref()
  }

  async #fill(): Promise<void> {
    const missing = this.#isStopping ? 0 : this.#options.count - this.#ready.length - this.#starting.size
    const starts = Array.from({ length: missing }, () => this.#startOne())
    for (const start of starts) this.#starting.add(start)
    await Promise.all(starts.map(start => start.finally(() => this.#starting.delete(start))))
  }

  /** Waits when spare threads repeatedly die soon after their start. */
  async #slowDown(): Promise<void> {
    const { clock, random } = this.#options
    const { waitMs, restarts } = planBackoff(DEFAULT_PACE, this.#streak, clock.now(), random)
    this.#streak = { restarts, endedAt: Infinity }
    await this.#pause.wait(waitMs)
  }

  async #startOne(): Promise<void> {
    const { name, container, startMs, startThread, failed } = this.#options
    this.#started += 1
    const spare = await startThread({
      name: `${name}/spare-${this.#started}`,
      data: { place: undefined, container, modules: [...this.#modules] },
      startMs,
    })
    if (!this.#isReferenced) spare.unref()
    this.#ready.push(spare)
    this.#streak = { ...this.#streak, endedAt: this.#options.clock.now() }
    const replace = async (): Promise<void> => {
      const at = this.#ready.indexOf(spare)
      if (at < 0) return
      this.#ready.splice(at, 1)
      this.#lost.add(await spare.stop())
      this.#pausing ??= this.#slowDown().finally(() => (this.#pausing = undefined))
      await this.#pausing
      await this.#fill()
    }
    spare.down.then(replace).catch((error: unknown) => failed(toError(error)))
  }
}
