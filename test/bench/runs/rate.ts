import type { Effort } from '../effort.js'

/** Does so much of something, and returns when all of it is done. */
export type Work = (amount: number) => Promise<void>

/**
 * From one round to the next the amount grows at most by this, so that one short round does not make the next one
 * endless.
 */
const MOST_GROWTH = 8

/**
 * Measures how much is done in a second. A round does as much as fits into `roundMs`, by what the round before it has
 * shown.
 *
 * @returns A function that runs one round and gives its rate.
 */
export function rateOf(
  work: Work,
  { roundMs }: Pick<Effort, 'roundMs'>,
  now: () => number = () => performance.now(),
): () => Promise<number> {
  let amount = 1
  return async () => {
    for (;;) {
      const begunAt = now()
      await work(amount)
      const tookMs = now() - begunAt
      const rate = (amount / tookMs) * 1000
      const done = amount
      amount = nextAmount(amount, tookMs, roundMs)
      // What took less than half of a round says little, and is measured again with more.
      if (tookMs * 2 >= roundMs || amount <= done) return rate
    }
  }
}

/** How much fits into the next round. */
export function nextAmount(amount: number, tookMs: number, roundMs: number): number {
  return Math.max(1, Math.round(amount * Math.min(MOST_GROWTH, roundMs / Math.max(tookMs, Number.EPSILON))))
}
