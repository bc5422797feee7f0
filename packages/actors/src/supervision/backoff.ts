import type { Random } from '../random.js'

/** How long a supervisor waits before it restarts a child that fails again and again: longer each time, up to a cap, and by chance, so that many do not come back at once. */
export interface Backoff {
  /** Milliseconds: the most that it waits before the first restart. */
  readonly firstMs: number
  /** By how much that grows with each restart. */
  readonly factor: number
  /** Milliseconds: the most that it ever waits. When a child has run as long, it counts as recovered, and the next wait is a first one again. */
  readonly maxMs: number
}

/** The restarts of a child in a row. */
export interface Streak {
  readonly restarts: number
  /** When the last of them was over, on the clock's `now`. */
  readonly endedAt: number
}

export const NO_STREAK: Streak = { restarts: 0, endedAt: -Infinity }

/**
 * Decides how long to wait before a restart: a time between 0 and the bound, each as likely as the others ("full jitter", which spreads
 * retries best: Brooker, "Exponential Backoff and Jitter").
 *
 * @returns The wait, and how many restarts in a row this one makes.
 */
export function planBackoff({ firstMs, factor, maxMs }: Backoff, streak: Streak, nowMs: number, random: Random): { readonly waitMs: number; readonly restarts: number } {
  const inARow = nowMs - streak.endedAt >= maxMs ? 0 : streak.restarts
  const boundMs = Math.min(maxMs, firstMs * factor ** inARow)
  return { waitMs: random.next() * boundMs, restarts: inARow + 1 }
}
