/** How a thread is stopped. */
export interface StopOptions {
  /** Milliseconds until it is killed. Default 5,000; Infinity waits for ever, 0 kills at once. */
  readonly deadlineMs?: number
}

/**
 * Something that runs until it is stopped: a device, a server, a pool. Whoever supervises services needs to know no
 * more of them, so what is supervised and who supervises do not know each other.
 *
 * It is OTP's child process without the process: who started it hears of its end, and can end it.
 */
export interface Service {
  /**
   * Resolves once, when it has ended and closed everything: with undefined when it was stopped or had nothing more to
   * do, with the error when it failed. Never rejects.
   */
  readonly ended: Promise<Error | undefined>
  /**
   * Finishes what it has within the deadline, closes everything, and resolves when `ended` has. A deadline of 0
   * finishes nothing. Calling it twice is one stop; one that has ended is stopped already. Never rejects: a failure is
   * told by `ended`.
   */
  stop(options?: StopOptions): Promise<void>
}

/**
 * Starts a service, and resolves when it is ready. It is called anew for each restart, so it shares nothing with the
 * service before it.
 *
 * @param signal Aborts when the service is not wanted any more. Reject then, and leave nothing behind.
 */
export type StartService = (signal: AbortSignal) => Promise<Service>
