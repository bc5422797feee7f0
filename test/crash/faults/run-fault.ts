import { judgeEnd, lastReport, runChild } from '../runs/child.js'
import { faultOf, placeOf, type FaultCell } from './faults.js'
import { HANDLER } from './handler.js'

/** What the process of a cell says. */
export interface FaultReport {
  readonly problems: readonly string[]
}

/** What became of one cell. */
export interface FaultResult extends FaultCell {
  readonly isOk: boolean
  /** What is not as it has to be. */
  readonly problems: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
}

const DEADLINE_MS = 120_000

/** Runs one cell of the table of faults in a process of its own, and judges how that ended and what it says. */
export async function runFault(cell: FaultCell): Promise<FaultResult> {
  const { maxDescriptors, isToldByV8 = false } = faultOf(cell.fault)
  const environment = placeOf(cell.place).hasHandler ? { [HANDLER]: '1' } : {}
  const end = await runChild('faults/fault-scenario.js', cell, {
    deadlineMs: DEADLINE_MS,
    environment,
    maxDescriptors,
  })
  const report = lastReport(end) as FaultReport | undefined
  const problems = [...judgeEnd(end, 0), ...(report?.problems ?? ['it has not reported'])]
  if (end.errorText !== '' && !isToldByV8) problems.push(`it wrote: ${end.errorText.trim().slice(0, 2000)}`)
  const { exitCode, signal, durationMs } = end
  return { ...cell, isOk: problems.length === 0, problems, exitCode, signal, durationMs }
}
