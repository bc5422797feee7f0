import { type FlightRows, sliceRows } from './flight-rows.js'
import type { FlightsFile } from './flights-file.js'
import type { Part } from './parts.js'
import { countFlights, type Totals } from './totals.js'

/**
 * Counts parts of the file, in whichever thread. It keeps the row group that it decoded last, since the next part is
 * mostly one of the same.
 */
export class PartCounter {
  readonly #file: FlightsFile
  #kept: { readonly rowGroup: number; readonly rows: FlightRows } | undefined

  constructor(file: FlightsFile) {
    this.#file = file
  }

  async count({ rowGroup, firstRow, rowCount }: Part): Promise<Totals> {
    if (this.#kept?.rowGroup !== rowGroup) {
      this.#kept = { rowGroup, rows: await this.#file.readRowGroup(rowGroup) }
    }
    return countFlights(sliceRows(this.#kept.rows, firstRow, firstRow + rowCount))
  }
}
