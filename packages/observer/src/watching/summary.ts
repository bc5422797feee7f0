import type { Histogram } from '@zera/actors/internal'
import type { Summary } from '../model/state.js'

/** A histogram in a few numbers. */
export function summaryOf({ count, p50Ms, p90Ms, p99Ms, maxMs }: Histogram): Summary {
  return { count, p50: p50Ms, p90: p90Ms, p99: p99Ms, max: maxMs }
}
