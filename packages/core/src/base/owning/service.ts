import { expectNumber } from '../values/expect-number.js'
import { expectOptions, optionNames } from '../values/options/known-options.js'
import { NUMBER } from '../values/options/option-kinds.js'

/** How to stop a thread, a process or a service. */
export interface StopOptions {
  /** Milliseconds until it is killed. Default 5,000; Infinity waits forever, 0 kills at once. */
  readonly timeoutMs?: number | undefined
}

const STOP_OPTIONS = optionNames<StopOptions>({ timeoutMs: NUMBER })
/** Milliseconds that a stop has by default. */
export const DEFAULT_STOP_MS = 5000

/**
 * The milliseconds that a stop has.
 *
 * @param action What is not done otherwise, as `stop a thread`.
 * @throws {TypeError} When there is another option.
 * @throws {RangeError} When `timeoutMs` is negative or not a number.
 */
export function stopMs(action: string, options: StopOptions = {}): number {
  expectOptions(action, options, STOP_OPTIONS)
  const { timeoutMs = DEFAULT_STOP_MS } = options
  expectNumber(action, 'timeoutMs', timeoutMs)
  return timeoutMs
}

/**
 * Something that runs until it is stopped: a device, a server, a pool. A supervisor needs to know nothing else about
 * services, so services and supervisors do not depend on each other.
 *
 * It is OTP's child process without the process: its starter learns of its end, and can end it.
 */
export interface Service {
  /**
   * Resolves once, when it has ended and closed everything: with undefined when it was stopped or had finished, with
   * the error when it failed. Never rejects.
   */
  readonly ended: Promise<Error | undefined>
  /**
   * Finishes its work within `timeoutMs`, closes everything, and resolves when `ended` has. With 0 it finishes nothing.
   * Calling it twice is one stop, and a service that has ended is already stopped. `ended` reports a failure; it
   * rejects for misuse alone.
   *
   * @throws {TypeError} When there is another option.
   * @throws {RangeError} When `timeoutMs` is negative or not a number.
   */
  stop(options?: StopOptions): Promise<void>
}

/**
 * Starts a service, and resolves when it is ready. Each restart calls it again, so a service shares nothing with its
 * predecessor.
 *
 * @param signal Aborts when the service is no longer wanted. Reject then, and leave nothing behind.
 */
export type StartService = (signal: AbortSignal) => Promise<Service>
