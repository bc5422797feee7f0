/**
 * Consecutive flights of the file, column by column: flight `i` left `airports[originOf[i]]` for
 * `airports[destinationOf[i]]`, `distanceOf[i]` miles away, in the hour `hourOf[i]`, and arrived `delayOf[i]` minutes
 * late. All columns have the same length.
 */
export interface FlightRows {
  /** The number of the first flight in the file, from 0. */
  readonly firstRow: number
  /** The codes of the airports that occur, each once. */
  readonly airports: readonly string[]
  /** Where the flight left: an index into `airports`. */
  readonly originOf: Uint16Array
  /** Where it went: an index into `airports`. */
  readonly destinationOf: Uint16Array
  /** The way between the two, in miles. */
  readonly distanceOf: Uint16Array
  /** The hour of the day in which the flight really left, 0 to 23, in the local time of its airport. */
  readonly hourOf: Uint8Array
  /** How late the flight arrived, in minutes; negative when it was early, `MISSING_DELAY` when it was not recorded. */
  readonly delayOf: Int16Array
}

/** Stands in `delayOf` for a flight without a recorded delay. */
export const MISSING_DELAY = -(2 ** 15)

/** Gives the flights of some rows, over the same memory. Both ends are rows of the file. */
export function sliceRows(rows: FlightRows, firstRow: number, endRow: number): FlightRows {
  const [begin, end] = [firstRow - rows.firstRow, endRow - rows.firstRow]
  return {
    firstRow,
    airports: rows.airports,
    originOf: rows.originOf.subarray(begin, end),
    destinationOf: rows.destinationOf.subarray(begin, end),
    distanceOf: rows.distanceOf.subarray(begin, end),
    hourOf: rows.hourOf.subarray(begin, end),
    delayOf: rows.delayOf.subarray(begin, end),
  }
}
