import { type FlightRows, MISSING_DELAY } from './flight-rows.js'

/**
 * Gathers the decoded columns of one row group in typed arrays, page by page, so that the large untyped arrays of one
 * column are garbage before the next column comes.
 */
export class ColumnReader {
  readonly #rowCount: number
  readonly #rows: FlightRows & { readonly airports: string[] }
  readonly #indexOf = new Map<string, number>()
  #cellCount = 0

  constructor(rowCount: number) {
    this.#rowCount = rowCount
    this.#rows = {
      airports: [],
      airportOf: new Uint16Array(rowCount),
      hourOf: new Uint8Array(rowCount),
      delayOf: new Int32Array(rowCount),
    }
  }

  /**
   * Takes consecutive cells of a column, from the row `firstRow` of the row group on.
   *
   * @throws {TypeError} When a cell is not what its column holds. Only a delay may be missing.
   */
  add(column: string | undefined, cells: ArrayLike<unknown>, firstRow: number): void {
    const { airportOf, hourOf, delayOf } = this.#rows
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]
      const row = firstRow + i
      if (column === 'origin' && typeof cell === 'string') airportOf[row] = this.#internAirport(cell)
      else if (column === 'date' && typeof cell === 'number') hourOf[row] = cell
      else if (column === 'delay' && typeof cell === 'bigint') delayOf[row] = Number(cell)
      else if (column === 'delay' && cell == null) delayOf[row] = MISSING_DELAY
      else throw new TypeError(`Cannot read row ${row} of the row group: its ${column} is ${String(cell)}`)
    }
    this.#cellCount += cells.length
  }

  /**
   * Gives the rows.
   *
   * @throws {Error} When cells are missing.
   */
  finish(): FlightRows {
    if (this.#cellCount !== 3 * this.#rowCount) {
      throw new Error(`Cannot read the row group: it has ${this.#cellCount} cells instead of ${3 * this.#rowCount}`)
    }
    return this.#rows
  }

  #internAirport(code: string): number {
    const known = this.#indexOf.get(code)
    if (known !== undefined) return known
    this.#indexOf.set(code, this.#rows.airports.length)
    return this.#rows.airports.push(code) - 1
  }
}
