import { expect, test } from 'vitest'
import type { CellResult } from './runs/run-cell.js'
import { renderTable } from './table.js'

test('renderTable() draws a row for each state and a column for each ending, in the order of the matrix', () => {
  const result = (
    ending: CellResult['cell']['ending'],
    state: CellResult['cell']['state'],
    isOk: boolean,
    deaths: number,
  ): CellResult => {
    return {
      cell: { ending, state },
      deaths,
      isOk,
      problems: [],
      exitCode: 0,
      signal: null,
      durationMs: 1,
      report: undefined,
    }
  }

  const table = renderTable([
    result('SIGINT', 'idle', true, 0),
    result('kill', 'waiting', false, 3),
    result('kill', 'idle', true, 3),
  ])

  expect(table.split('\n')).toEqual(['         kill    SIGINT', 'idle     ok (3)  ok', 'waiting  FAILED'])
})
