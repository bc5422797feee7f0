import { ENDINGS } from './rows/endings.js'
import { STATES } from './rows/states.js'
import type { CellResult } from './runs/run-cell.js'

/** Draws the matrix: a row for each state, a column for each ending. What was not run is blank. */
export function renderTable(results: readonly CellResult[]): string {
  const endings = ENDINGS.filter(({ name }) => results.some(({ cell }) => cell.ending === name))
  const states = STATES.filter(({ name }) => results.some(({ cell }) => cell.state === name))
  const rows = [
    ['', ...endings.map(({ name }) => name)],
    ...states.map(state => [
      state.name,
      ...endings.map(ending =>
        verdictOf(results.find(({ cell }) => cell.ending === ending.name && cell.state === state.name)),
      ),
    ]),
  ]
  return alignColumns(rows)
}

/** Draws rows of texts, each column as wide as its widest text. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map(row => (row[column] as string).length)))
  return rows
    .map(row =>
      row
        .map((text, column) => text.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function verdictOf(result: CellResult | undefined): string {
  if (result === undefined) return ''
  if (!result.isOk) return 'FAILED'
  return result.deaths > 1 ? `ok (${result.deaths})` : 'ok'
}
