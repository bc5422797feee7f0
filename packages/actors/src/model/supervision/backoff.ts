import { NUMBER, expectOptions, optionNames } from '@zera/core/internal'
import type { Random } from '../time/random.js'

/**
 * How long a supervisor waits before it restarts a child that fails repeatedly: longer each time, up to a cap, and
 * randomized, so that many children do not come back at once.
 */
export interface Backoff {
  /** Milliseconds: the longest wait before the first restart. */
  readonly firstMs: number
  /** The factor by which that grows with each restart. */
  readonly factor: number
  /**
   * Milliseconds: the longest wait ever. A child that has run for this long counts as recovered, and its next wait is a
   * first one again. 0 never waits.
   */
  readonly maxMs: number
}

const BACKOFF = optionNames<Backoff>({ firstMs: NUMBER, factor: true, maxMs: NUMBER })

/**
 * Checks the names of a backoff.
 *
 * @throws {TypeError} When it is no object, or has another name.
 */
export function expectBackoff(action: string, backoff: Backoff): void {
  expectOptions(`${action}: backoff`, backoff, BACKOFF)
}

/** How restarts are spread in time. */
export interface Pace extends Backoff {
  /** This many restarts in a row do not wait. */
  readonly immediate: number
  /** Milliseconds: a child that has run for this long counts as recovered. */
  readonly recoveredMs: number
  /**
   * Whether this is the default pace, not one that the user set. Its waits then do not count in the period of a limit,
   * so that the limit means the same as without them.
   */
  readonly isDefault: boolean
}

/** The restarts of a child in a row. */
export interface Streak {
  readonly restarts: number
  /** When the last of them was over, on the clock's `now`; Infinity while it is not. */
  readonly endedAt: number
}

export const NO_STREAK: Streak = { restarts: 0, endedAt: -Infinity }

/**
 * The default pace. Restarts should be quick, and the first is immediate. A child that always fails takes a thousandth
 * of a core: ten restarts in the first five seconds, then one every two or three seconds. A child that runs for half a
 * second before it fails is not a storm and does not wait: one that is hit each second is back at once each time.
 */
export const DEFAULT_PACE: Pace = {
  firstMs: 10,
  factor: 2,
  maxMs: 5000,
  immediate: 1,
  recoveredMs: 500,
  isDefault: true,
}

/**
 * Decides the pace of restarts for a child that has a restart limit.
 *
 * Without a configured pace, the waits are short enough to last no longer than the period, all together. So a limit
 * that would end a storm still does, and soon.
 */
export function paceOf(
  backoff: Backoff | undefined,
  { maxRestarts, periodMs }: { readonly maxRestarts: number; readonly periodMs: number },
): Pace {
  if (backoff !== undefined) return { ...backoff, immediate: 0, recoveredMs: backoff.maxMs, isDefault: false }
  if (maxRestarts === Infinity) return DEFAULT_PACE
  const { firstMs, maxMs } = DEFAULT_PACE
  return { ...DEFAULT_PACE, maxMs: Math.max(firstMs, Math.min(maxMs, periodMs) / Math.max(1, maxRestarts)) }
}

/**
 * Decides how long to wait before a restart: a time between 0 and the bound, each as likely as the others ("full
 * jitter", which spreads retries best: Brooker, "Exponential Backoff and Jitter").
 *
 * @returns The wait, and how many restarts in a row this one makes.
 */
export function planBackoff(
  { firstMs, factor, maxMs, immediate, recoveredMs }: Omit<Pace, 'isDefault'>,
  streak: Streak,
  nowMs: number,
  random: Random,
): { readonly waitMs: number; readonly restarts: number } {
  const inARow = nowMs - streak.endedAt >= recoveredMs ? 0 : streak.restarts
  const boundMs = inARow < immediate ? 0 : Math.min(maxMs, firstMs * factor ** (inARow - immediate))
  return { waitMs: boundMs === 0 ? 0 : random.next() * boundMs, restarts: inARow + 1 }
}
