import type { Clock, StopOptions } from '@zera/core'
import { stopMs, Waiters, within, type DrainOptions } from '@zera/core/internal'
import { DeviceEndedError } from './errors.js'

/** The requests of a device that answers some. */
export interface OpenRequests {
  /** Takes no more of them. */
  refuse(): void
  areAnswered(): boolean
}

/** The life of a device, from its start to its end. */
export class DeviceLife {
  readonly #device: string
  readonly #clock: Clock
  readonly #closing = new AbortController()
  readonly #changed = new Waiters()
  #stopping: Promise<void> | undefined

  /** @param device Its name in errors. */
  constructor(device: string, clock: Clock) {
    this.#device = device
    this.#clock = clock
  }

  /** How far it is, for its inspection. */
  get state(): 'running' | 'stopping' | 'ended' {
    return this.closing.aborted ? 'ended' : this.#stopping === undefined ? 'running' : 'stopping'
  }

  /** Aborts when it closes. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** @throws {DeviceEndedError} When it has ended or is being stopped. */
  expectRunning(verb: string): void {
    if (this.#stopping !== undefined || this.closing.aborted) throw new DeviceEndedError(this.#device, verb)
  }

  /**
   * A part of the device, for as long as it runs.
   *
   * @throws {DeviceEndedError}
   */
  running<T>(verb: string, part: T): T {
    this.expectRunning(verb)
    return part
  }

  /** Something changed that `until` may wait for. */
  change(): void {
    this.#changed.wake()
  }

  /** Waits until something holds, or the device closes. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.closing.aborted) await this.#changed.wait()
  }

  /** As `until`, but no longer than a time. Resolves with whether that was enough. */
  async untilWithin(ms: number, holds: () => boolean): Promise<boolean> {
    if (holds() || this.closing.aborted) return true
    let isLate = false
    const inTime = await within(
      this.#clock,
      ms,
      this.until(() => isLate || holds()),
    )
    isLate = true
    // A wait that is over leaves nothing behind.
    if (!inTime) this.change()
    return inTime
  }

  /**
   * Takes no more requests, and resolves with whether all are answered within the deadline.
   *
   * @throws {TypeError}
   * @throws {RangeError}
   * @throws {DeviceEndedError}
   */
  async drain(options: DrainOptions | undefined, requests: OpenRequests): Promise<boolean> {
    const timeoutMs = stopMs(`drain the ${this.#device}`, options)
    this.expectRunning('drain')
    return this.answer(timeoutMs, requests)
  }

  /** The same, also while it is being stopped. */
  answer(timeoutMs: number, requests: OpenRequests): Promise<boolean> {
    requests.refuse()
    return this.untilWithin(timeoutMs, () => requests.areAnswered())
  }

  /**
   * Stops it once, however often it is called.
   *
   * @throws {TypeError}
   * @throws {RangeError}
   */
  async stop(options: StopOptions | undefined, stop: (timeoutMs: number) => Promise<void>): Promise<void> {
    const timeoutMs = stopMs(`stop the ${this.#device}`, options)
    this.#stopping ??= stop(timeoutMs)
    return this.#stopping
  }

  close(): void {
    this.#closing.abort()
    this.change()
  }
}
