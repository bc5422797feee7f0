import { expect, test } from 'vitest'
import { CELLS } from './rows/cell.js'
import { endingOf } from './rows/endings.js'
import { runCell } from './runs/run-cell.js'

/** Beyond the deadline of any cell, which says more about what hangs. */
const TIMEOUT_MS = 120_000

test.concurrent.each(
  CELLS.filter(({ ending }) => endingOf(ending).of === 'main').map(cell => [cell.ending, cell.state, cell] as const),
)(
  '%s while a thread is %s: the exit code is its own, and what is stopped has handled everything',
  async (_ending, _state, cell) => {
    const result = await runCell({ cell, deaths: 0 })

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
