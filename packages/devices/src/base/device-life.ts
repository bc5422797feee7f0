import type { Clock, StopOptions } from '@zera/core'
import { Waiters, within } from '@zera/core/internal'
import { DeviceEndedError } from './errors.js'

/** How long a device waits for work in progress when its owner gives no `timeoutMs`. */
export const DEFAULT_TIMEOUT_MS = 5000

/** The life of a device that answers requests, from its start to its end. */
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

  /** Aborts when it closes. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** @throws {DeviceEndedError} When it has ended or is being stopped. */
  expectRunning(verb: string): void {
    if (this.#stopping !== undefined || this.closing.aborted) throw new DeviceEndedError(this.#device, verb)
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
    return holds() || this.closing.aborted || within(this.#clock, ms, this.until(holds))
  }

  /** Stops it once, however often it is called. */
  stop({ timeoutMs = DEFAULT_TIMEOUT_MS }: StopOptions, stop: (timeoutMs: number) => Promise<void>): Promise<void> {
    this.#stopping ??= stop(timeoutMs)
    return this.#stopping
  }

  close(): void {
    this.#closing.abort()
    this.change()
  }
}
