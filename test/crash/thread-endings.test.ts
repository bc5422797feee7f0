import { expect, test } from 'vitest'
import { CELLS, deathsOf, type Cell } from './rows/cell.js'
import { endingOf } from './rows/endings.js'
import { runCell } from './runs/run-cell.js'

/** A third of a second each. `npm run crash` takes its time, and lets 200 die by a kill and 40 by each other ending. */
const EXCHANGING_DEATHS = { kill: 40, others: 3 }
/** Beyond the deadline of any cell, which says more about what hangs. */
const TIMEOUT_MS = 1_200_000

/** One ending at a heap limit is tried in every state, the others in the busiest; `npm run crash` tries all. */
const isTried = ({ ending, state }: Cell): boolean =>
  endingOf(ending).of === 'thread' &&
  (endingOf(ending).reason !== 'heap-limit' || ending === 'heap-limit' || state === 'exchanging')

test.concurrent.each(CELLS.filter(isTried).map(cell => [cell.ending, cell.state, cell] as const))(
  '%s while %s: the thread ends alone, and every message is accounted for',
  async (_ending, _state, cell) => {
    const result = await runCell({ cell, deaths: deathsOf(cell, EXCHANGING_DEATHS) })

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
