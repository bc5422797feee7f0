import { optionNames } from '../values/known-options.js'

/** How to stop a thread, a process or a service. */
export interface StopOptions {
  /** Milliseconds until it is killed. Default 5,000; Infinity waits forever, 0 kills at once. */
  readonly timeoutMs?: number | undefined
}

export const STOP_OPTIONS = optionNames<StopOptions>({ timeoutMs: true })

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
   * Calling it twice is one stop, and a service that has ended is already stopped. Never rejects: `ended` reports a
   * failure.
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
