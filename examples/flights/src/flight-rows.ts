/**
 * The flights of one row group, column by column: flight `i` left `airports[airportOf[i]]` in the hour `hourOf[i]` and
 * reached its destination `delayOf[i]` minutes late. The three columns have the same length.
 */
export interface FlightRows {
  /** The codes of the airports that occur, each once. */
  readonly airports: readonly string[]
  /** Where the flight left: an index into `airports`. */
  readonly airportOf: Uint16Array
  /** The hour of the day in which the flight really left, 0 to 23, in the local time of its airport. */
  readonly hourOf: Uint8Array
  /** How late the flight arrived, in minutes; negative when it was early, `MISSING_DELAY` when it was not recorded. */
  readonly delayOf: Int32Array
}

/** Stands in `delayOf` for a flight without a recorded delay. */
export const MISSING_DELAY = -(2 ** 31)
