import type { RowGroup } from './flights-file.js'

/** Consecutive rows of one row group: what a worker counts at a time, and counts again when it fails. */
export interface Part {
  /** Its number in the file, from 0. */
  readonly index: number
  /** The number of its row group in the file, from 0. */
  readonly rowGroup: number
  /** The number of its first row in the file, from 0. */
  readonly firstRow: number
  readonly rowCount: number
}

/**
 * How many parts a row group has. Eleven row groups as they are would leave one of two workers without work while the
 * other counts the last; small parts leave it little.
 */
export const PARTS_PER_ROW_GROUP = 4

/** Divides the row groups, each into parts that differ by one row at most. */
export function listParts(rowGroups: readonly RowGroup[]): Part[] {
  return rowGroups
    .flatMap(({ index: rowGroup, firstRow, rowCount }) =>
      Array.from({ length: PARTS_PER_ROW_GROUP }, (_, i) => {
        const [begin, end] = [i, i + 1].map(part => Math.floor((part * rowCount) / PARTS_PER_ROW_GROUP))
        return { rowGroup, firstRow: firstRow + begin!, rowCount: end! - begin! }
      }),
    )
    .map((part, index) => ({ index, ...part }))
}
