import type { Totals } from './totals.js'

/** The whole file, counted once. */
export interface Pass {
  readonly totals: Totals
  readonly elapsedMs: number
}
