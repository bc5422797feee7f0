import { expect, test } from 'vitest'
import { CELLS, deathsOf, type Cell } from './rows/cell.js'
import { endingOf, type EndingName } from './rows/endings.js'
import { runCell } from './runs/run-cell.js'

/** A third of a second each. `npm run crash` takes its time, and lets 200 die by a kill and 40 by each other ending. */
const EXCHANGING_DEATHS = { kill: 20, others: 3 }
/** Beyond the deadline of any cell, which says more about what hangs. */
const TIMEOUT_MS = 1_200_000

/** One of each way in which threads end: at once, by themselves, and by what guards their heaps. */
const IN_EVERY_STATE: readonly EndingName[] = ['kill', 'exit', 'heap-limit']

/** `npm run crash` tries every ending in every state; this tries every ending in the busiest one, and some in all. */
const isTried = ({ ending, state }: Cell): boolean =>
  endingOf(ending).of === 'thread' && (state === 'exchanging' || IN_EVERY_STATE.includes(ending))

test.concurrent.each(CELLS.filter(isTried).map(cell => [cell.ending, cell.state, cell] as const))(
  '%s while %s: the thread ends alone, and every message is accounted for',
  async (_ending, _state, cell) => {
    const result = await runCell({ cell, deaths: deathsOf(cell, EXCHANGING_DEATHS) })

    expect(result.problems).toEqual([])
  },
  TIMEOUT_MS,
)
