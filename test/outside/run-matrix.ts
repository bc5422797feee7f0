import { messageOf } from '@zera/core/internal'
import type { Cell, Matrix } from './matrices/matrix.js'
import type { Outside, Release } from './outside.js'
import type { Entry } from './table.js'

/** How one cell went. */
export interface CellResult extends Entry {
  readonly isOk: boolean
  /** What happened instead; empty when it is as it should be. */
  readonly problem: string
}

/** Runs the cells of a matrix, one after the other. */
export async function runMatrix(
  release: Release,
  matrix: Matrix,
  isWanted: (cell: Cell) => boolean,
  onResult: (result: CellResult) => void,
): Promise<readonly CellResult[]> {
  const cells = matrix.cells.filter(isWanted)
  if (cells.length === 0) return []
  const outside = await release.outside(matrix.name)
  const results: CellResult[] = []
  for (const cell of cells) {
    const result = await runCell(cell, outside)
    results.push(result)
    onResult(result)
  }
  return results
}

async function runCell(cell: Cell, outside: Outside): Promise<CellResult> {
  const { row, column } = cell
  try {
    return { row, column, text: await cell.run(outside), isOk: true, problem: '' }
  } catch (error) {
    return { row, column, text: '**fails**', isOk: false, problem: messageOf(error) }
  }
}
