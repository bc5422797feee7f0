import { ENDINGS, endingOf, type Ending, type EndingName } from './endings.js'
import { isCoreState, STATES, type CoreStateName, type StateName } from './states.js'

/** One cell of the matrix: a way to end, in a state. */
export interface Cell {
  readonly ending: EndingName
  readonly state: StateName
}

/** A cell with a plain thread of core. */
export interface CoreCell extends Cell {
  readonly ending: 'main-end-core'
  readonly state: CoreStateName
}

/** Every cell, row by row. */
export const CELLS: readonly Cell[] = STATES.flatMap(({ name: state }) =>
  ENDINGS.filter(({ name }) => name !== 'main-end-core' || isCoreState(state)).map(({ name: ending }) => ({
    ending,
    state,
  })),
)

/** Every ending in the busiest state, and every state with the ending that a thread cannot see coming. */
export const SHORT_CELLS: readonly Cell[] = CELLS.filter(
  ({ ending, state }) => state === 'exchanging' || ending === 'kill',
)

/** Whether the thread of a cell is a plain one. */
export function isCoreCell(cell: Cell): cell is CoreCell {
  return cell.ending === 'main-end-core'
}

/** How often a thread dies in one cell, in one process. */
export function deathsOf(
  { ending, state }: Cell,
  exchangingDeaths: Readonly<Record<'kill' | 'others', number>>,
): number {
  if (endingOf(ending).of === 'main') return 0
  // A thread that was asked how it is has had a message; and full backlogs take their time.
  if (state === 'idle' || state === 'high-water') return 1
  if (state !== 'exchanging') return 3
  return ending === 'kill' ? exchangingDeaths.kill : exchangingDeaths.others
}

/** What the process of a cell must end with. The process outlives the deaths of its threads. */
export function expectedExitCode(ending: Ending): number {
  return ending.of === 'main' ? ending.exitCode : 0
}
