import { expect, test } from 'vitest'
import { CELLS, deathsOf } from './cell.js'
import { endingOf } from './endings.js'
import { runCell } from './run-cell.js'

/** A third of a second each. `npm run crash` takes its time, and lets 200 die by a kill and 40 by each other ending. */
const EXCHANGING_DEATHS = { kill: 100, others: 5 }
/** Beyond the deadline of any cell, which says more about what hangs. */
const TIMEOUT_MS = 1_200_000

test.concurrent.each(CELLS.filter(({ ending }) => endingOf(ending).of === 'thread').map(cell => [cell.ending, cell.state, cell] as const))(
  '%s while %s: the thread ends alone, and every message is accounted for',
  async (_ending, _state, cell) => {
    const result = await runCell({ cell, deaths: deathsOf(cell, EXCHANGING_DEATHS) })

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
