import type { FlightsFile, RowGroup } from './flights-file.js'
import { countFlights, emptyTotals, mergeTotals, type Totals } from './totals.js'

export interface SinglePass {
  readonly totals: Totals
  readonly elapsedMs: number
}

/**
 * Counts the whole file in this thread, one row group after the other: what the actors must agree with, and what they
 * must beat.
 *
 * @param onRowGroup Is called after each row group.
 */
export async function runSinglePass(file: FlightsFile, onRowGroup?: (rowGroup: RowGroup) => void): Promise<SinglePass> {
  const startedAt = performance.now()
  let totals = emptyTotals()
  for (const rowGroup of file.rowGroups) {
    totals = mergeTotals(totals, countFlights(await file.readRowGroup(rowGroup.index)))
    onRowGroup?.(rowGroup)
  }
  return { totals, elapsedMs: performance.now() - startedAt }
}
