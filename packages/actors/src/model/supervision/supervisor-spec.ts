import type { Backoff } from './backoff.js'

/** Which siblings are restarted with a child that failed. */
export type Strategy =
  /** None. */
  | 'one-for-one'
  /** All. */
  | 'one-for-all'
  /** Those that were started after it. */
  | 'rest-for-one'

/** Whether a supervisor ends when its significant children have ended by themselves, as OTP has it. */
export type AutoShutdown =
  /** It does not. */
  | 'never'
  /** With the first of them. */
  | 'any'
  /** With the last of them. */
  | 'all'

/** How a supervisor supervises. What is left out is as in `DEFAULT_SUPERVISOR`. */
export interface SupervisorOptions {
  readonly strategy?: Strategy | undefined
  /**
   * How many restarts there may be within `periodMs`, of all children together. One more, and the supervisor gives up:
   * it stops them, and fails itself.
   */
  readonly maxRestarts?: number | undefined
  /** Milliseconds. Infinity counts all restarts since the supervisor was started. */
  readonly periodMs?: number | undefined
  readonly autoShutdown?: AutoShutdown | undefined
  /**
   * How long it waits before a restart. Default: the first is immediate; when a child fails again before it has run for
   * half a second, it waits up to 10 ms, then twice as long each time, up to 5 s. With a limit of restarts such waits
   * are so short that the limit is reached all the same, and do not count in `periodMs`. `{ firstMs: 0, factor: 1,
   * maxMs: 0 }` never waits, as OTP does.
   */
  readonly backoff?: Backoff | undefined
}

/** The defaults of a supervisor, all in one place: OTP's. */
export const DEFAULT_SUPERVISOR = {
  strategy: 'one-for-one',
  maxRestarts: 1,
  periodMs: 5000,
  autoShutdown: 'never',
} as const
