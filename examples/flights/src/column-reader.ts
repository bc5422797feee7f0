import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/** The columns that are read. */
export const COLUMNS = ['origin', 'destination', 'distance', 'date', 'delay'] as const

/**
 * Gathers the decoded columns of one row group in typed arrays, page by page, so that the large untyped arrays of one
 * column are garbage before the next column comes.
 */
export class ColumnReader {
  readonly #rowCount: number
  readonly #rows: FlightRows & { readonly airports: string[] }
  readonly #indexOf = new Map<string, number>()
  #cellCount = 0

  /** @param firstRow The number of the first row in the file. */
  constructor(firstRow: number, rowCount: number) {
    this.#rowCount = rowCount
    this.#rows = {
      firstRow,
      airports: [],
      originOf: new Uint16Array(rowCount),
      destinationOf: new Uint16Array(rowCount),
      distanceOf: new Uint16Array(rowCount),
      hourOf: new Uint8Array(rowCount),
      delayOf: new Int16Array(rowCount),
    }
  }

  /**
   * Takes consecutive cells of a column, from the row `row` of the row group on.
   *
   * @throws {TypeError} When a cell is not what its column holds. Only a delay may be missing.
   */
  add(column: string | undefined, cells: ArrayLike<unknown>, row: number): void {
    for (let i = 0; i < cells.length; i++) {
      if (!this.#put(column, row + i, cells[i])) {
        throw new TypeError(`Cannot read row ${row + i} of the row group: its ${column} is ${String(cells[i])}`)
      }
    }
    this.#cellCount += cells.length
  }

  /**
   * Gives the rows.
   *
   * @throws {Error} When cells are missing.
   */
  finish(): FlightRows {
    const expected = COLUMNS.length * this.#rowCount
    if (this.#cellCount !== expected) {
      throw new Error(`Cannot read the row group: it has ${this.#cellCount} cells instead of ${expected}`)
    }
    return this.#rows
  }

  #put(column: string | undefined, row: number, cell: unknown): boolean {
    switch (column) {
      case 'origin':
        return this.#putAirport(this.#rows.originOf, row, cell)
      case 'destination':
        return this.#putAirport(this.#rows.destinationOf, row, cell)
      case 'distance':
        return putNumber(this.#rows.distanceOf, row, cell)
      case 'date':
        return putNumber(this.#rows.hourOf, row, cell)
      case 'delay':
        return putNumber(this.#rows.delayOf, row, cell ?? MISSING_DELAY)
      default:
        return false
    }
  }

  #putAirport(indexes: Uint16Array, row: number, code: unknown): boolean {
    if (typeof code !== 'string') return false
    let index = this.#indexOf.get(code)
    if (index === undefined) {
      if (!AIRPORT_CODE.test(code)) return false
      index = this.#rows.airports.push(code) - 1
      this.#indexOf.set(code, index)
    }
    indexes[row] = index
    return true
  }
}

const AIRPORT_CODE = /^[A-Z0-9]{3}$/

/** Puts a whole number into its column, and says whether the column can hold it. */
function putNumber(numbers: Uint8Array | Uint16Array | Int16Array, row: number, cell: unknown): boolean {
  if (typeof cell !== 'number') return false
  numbers[row] = cell
  return numbers[row] === cell
}
