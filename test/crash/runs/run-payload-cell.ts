import type { PayloadCell } from '../rows/payload-cell.js'
import type { PayloadReport } from '../scenarios/payload-scenario.js'
import { judgeEnd, lastReport, runChild } from './child.js'

/** What became of one payload cell. */
export interface PayloadResult {
  readonly payloads: PayloadCell
  readonly isOk: boolean
  /** What is not as it has to be. */
  readonly problems: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
  readonly report: PayloadReport | undefined
}

const DEADLINE_MS = 300_000
/** Two thousand texts of a MiB, some of whose characters take two bytes, are on the heap of main at once. */
const NODE_OPTIONS = ['--expose-gc', '--max-old-space-size=8192']

/** Runs one payload cell in a process of its own, and judges it. */
export async function runPayloadCell(payloads: PayloadCell): Promise<PayloadResult> {
  const end = await runChild('scenarios/payload-scenario.js', payloads, {
    nodeOptions: NODE_OPTIONS,
    deadlineMs: DEADLINE_MS,
  })
  const report = lastReport(end) as PayloadReport | undefined
  const problems = judgeEnd(end, 0)
  if (report === undefined) {
    problems.push('it has not reported')
  } else {
    if (report.held !== payloads.count) problems.push(`${report.held} payloads were held, should be ${payloads.count}`)
    if (report.corrupt > 0) problems.push(`${report.corrupt} payloads are corrupt`)
    if (report.openThreads > 0) problems.push('their sender had not ended when they were looked at')
  }
  if (end.errorText !== '') problems.push(`it wrote: ${end.errorText.trim().slice(0, 2000)}`)
  const { exitCode, signal, durationMs } = end
  return { payloads, isOk: problems.length === 0, problems, exitCode, signal, durationMs, report }
}
