import { judgeReport, REACHED, type Report } from '../accounts/report.js'
import { expectedExitCode, type Cell } from '../rows/cell.js'
import { endingOf } from '../rows/endings.js'
import { judgeEnd, lastReport, runChild } from './child.js'

/** The arguments of the process of a cell. */
export interface ScenarioOrder {
  readonly cell: Cell
  /** How often a thread dies in it, one after the other. */
  readonly deaths: number
}

/** What became of one cell. */
export interface CellResult extends ScenarioOrder {
  readonly isOk: boolean
  /** What is not as it has to be. */
  readonly problems: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
  readonly report: Report | undefined
}

const DEADLINE_MS = 60_000
const DEADLINE_MS_A_DEATH = 5000

/** Runs one cell in a process of its own, and judges how that ended and what it says. */
export async function runCell(order: ScenarioOrder): Promise<CellResult> {
  const { cell, deaths } = order
  const ending = endingOf(cell.ending)
  const end = await runChild('scenarios/scenario.js', order, {
    deadlineMs: DEADLINE_MS + deaths * DEADLINE_MS_A_DEATH,
    onLine: (line, kill) => {
      if (line === REACHED && (ending.name === 'SIGINT' || ending.name === 'SIGTERM')) kill(ending.name)
    },
  })
  const report = lastReport(end) as Report | undefined
  const problems = judgeEnd(end, expectedExitCode(ending))
  if (report === undefined) problems.push('it has not reported')
  else problems.push(...judgeReport(ending, report))
  if (ending.name === 'main-throw') {
    if (!end.errorText.includes('thrown on purpose')) problems.push('it has not said what was thrown')
  } else if (end.errorText !== '') {
    problems.push(`it wrote: ${end.errorText.trim().slice(0, 2000)}`)
  }
  const { exitCode, signal, durationMs } = end
  return { ...order, isOk: problems.length === 0, problems, exitCode, signal, durationMs, report }
}
