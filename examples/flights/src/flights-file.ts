import { fileURLToPath } from 'node:url'
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { COLUMNS, ColumnReader } from './column-reader.js'
import type { FlightRows } from './flight-rows.js'

/** A part of the file that can be decoded by itself. */
export interface RowGroup {
  /** Its number in the file, from 0. */
  readonly index: number
  /** The number of its first row in the file, from 0. */
  readonly firstRow: number
  readonly rowCount: number
}

/** Three million flights inside the United States, January to June 2001, ordered by their departure. */
export interface FlightsFile {
  readonly rowGroups: readonly RowGroup[]
  readonly rowCount: number
  /**
   * Decodes one row group, at less than 1 µs a row; it is the smallest unit that makes sense, because the file keeps
   * each column of a row group in a single page, which must be decompressed as a whole.
   *
   * @throws {RangeError} When the file has no such row group.
   */
  readRowGroup(index: number): Promise<FlightRows>
}

/**
 * Opens the flights file of the npm package vega-datasets. It reads only the directory at the end of the file, and
 * keeps no descriptor open: there is nothing to close.
 */
export async function openFlightsFile(path: string = findFlightsFile()): Promise<FlightsFile> {
  const file = await asyncBufferFromFile(path)
  const metadata = withPlainNumbers(await parquetMetadataAsync(file))
  const rowGroups = listRowGroups(metadata.row_groups.map(group => Number(group.num_rows)))

  return {
    rowGroups,
    rowCount: Number(metadata.num_rows),
    async readRowGroup(index) {
      const rowGroup = rowGroups[index]
      if (rowGroup === undefined) {
        throw new RangeError(`Cannot read row group ${index}: the file has ${rowGroups.length}, counted from 0`)
      }
      const columns = new ColumnReader(rowGroup.firstRow, rowGroup.rowCount)
      await parquetRead({
        file,
        metadata,
        compressors,
        parsers: { timestampFromMicroseconds: hourOfDay },
        columns: [...COLUMNS],
        rowStart: rowGroup.firstRow,
        rowEnd: rowGroup.firstRow + rowGroup.rowCount,
        // Pages come column by column. Rows as objects would take about three times as long.
        onPage: page => columns.add(page.pathInSchema[0], page.columnData, page.rowStart - rowGroup.firstRow),
      })
      return columns.finish()
    },
  }
}

/** Where the installed package keeps the file. */
export function findFlightsFile(): string {
  return fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')))
}

function listRowGroups(rowCounts: readonly number[]): RowGroup[] {
  let firstRow = 0
  return rowCounts.map((rowCount, index) => {
    const rowGroup = { index, firstRow, rowCount }
    firstRow += rowCount
    return rowGroup
  })
}

/**
 * Has hyparquet make numbers of delays and distances, one for each distinct value, as it does of decimals, here without
 * decimal places. Of whole numbers of 64 bits it makes a bigint for each row, and decoding takes about a tenth longer.
 */
function withPlainNumbers(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata,
    schema: metadata.schema.map(element =>
      element.name === 'delay' || element.name === 'distance'
        ? { ...element, converted_type: 'DECIMAL', scale: 0 }
        : element,
    ),
  }
}

/**
 * Takes the hour from a local time in microseconds since 1970. hyparquet calls it for each distinct time, not for each
 * row, which is why it stands there instead of making dates first.
 */
function hourOfDay(micros: bigint): number {
  return Number(micros / 3_600_000_000n) % 24
}
