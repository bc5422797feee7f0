import type { Backoff } from './backoff.js'

/**
 * Which siblings restart together with a child that failed. They stop last started first, and start again in their
 * order. The default is `'one-for-one'`.
 */
export type Strategy =
  /** None. */
  | 'one-for-one'
  /** All. */
  | 'one-for-all'
  /** Those that were started after it. */
  | 'rest-for-one'

/** Whether a supervisor ends when its significant children have ended by themselves, as in OTP. */
export type AutoShutdown =
  /** It does not. */
  | 'never'
  /** It ends with the first of them. */
  | 'any'
  /** It ends with the last of them. */
  | 'all'

/** How a supervisor supervises. Defaults are in `DEFAULT_SUPERVISOR`. */
export interface SupervisorOptions {
  readonly strategy?: Strategy | undefined
  /**
   * How many restarts all children together may have within `periodMs`. With one more the supervisor gives up: it stops
   * its children and fails.
   */
  readonly maxRestarts?: number | undefined
  /** Milliseconds. Infinity counts all restarts since the supervisor was started. */
  readonly periodMs?: number | undefined
  readonly autoShutdown?: AutoShutdown | undefined
  /**
   * How long it waits before a restart. Default: the first is immediate; when a child fails again before it has run for
   * half a second, it waits up to 10 ms, then twice as long each time, up to 5 s. With a restart limit, these waits are
   * short enough that the limit is still reached, and they do not count in `periodMs`. `{ firstMs: 0, factor: 1, maxMs:
   * 0 }` never waits, as OTP does.
   */
  readonly backoff?: Backoff | undefined
}

/**
 * The defaults of a supervisor: those of OTP. It allows one restart of all its children together within 5,000
 * milliseconds, gives up at the next, and does not end with its significant children.
 */
export const DEFAULT_SUPERVISOR = {
  strategy: 'one-for-one',
  maxRestarts: 1,
  periodMs: 5000,
  autoShutdown: 'never',
} as const
