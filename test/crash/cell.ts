import { ENDINGS, endingOf, type Ending, type EndingName } from './endings.js'
import { STATES, type StateName } from './states.js'

/** One cell of the matrix: a way to end, in a state. */
export interface Cell {
  readonly ending: EndingName
  readonly state: StateName
}

/** Every cell, row by row. */
export const CELLS: readonly Cell[] = STATES.flatMap(state => ENDINGS.map(ending => ({ ending: ending.name, state: state.name })))

/** How often a thread dies in one cell, in one process. */
export function deathsOf({ ending, state }: Cell, exchangingDeaths: Readonly<Record<'kill' | 'others', number>>): number {
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
