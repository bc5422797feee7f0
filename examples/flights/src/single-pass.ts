import type { FlightsFile } from './flights-file.js'
import { PartCounter } from './part-counter.js'
import { listParts, type Part } from './parts.js'
import type { Pass } from './pass.js'
import { emptyTotals, mergeTotals } from './totals.js'

/**
 * Counts the whole file in this thread, one part after the other, with the code that the actors run: what they must
 * agree with, and what they must beat.
 *
 * @param onPart Is called after each part. What it throws ends the pass.
 */
export async function runSinglePass(file: FlightsFile, onPart?: (part: Part) => void): Promise<Pass> {
  const startedAt = performance.now()
  const counter = new PartCounter(file)
  let totals = emptyTotals()
  for (const part of listParts(file.rowGroups)) {
    totals = mergeTotals(totals, await counter.count(part))
    onPart?.(part)
  }
  return { totals, elapsedMs: performance.now() - startedAt }
}
