import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judgeNodeReport, NODE, type NodeReport } from '../accounts/node-report.js'
import { REACHED } from '../accounts/report.js'
import { handledAgain, readJournal } from '../records/journal.js'
import type { NodeEnding, NodeEndingName } from '../rows/node-endings.js'
import { until } from '../until.js'
import { isRunning, lastReport, runChild, type ChildEnd } from './child.js'

/** The arguments of the process of a row. */
export interface NodeOrder {
  readonly ending: NodeEndingName
  /** Where the actor on the node writes down what it handles. */
  readonly journal: string
}

/** What became of one row. */
export interface NodeResult {
  readonly ending: NodeEndingName
  readonly isOk: boolean
  /** What is not as it has to be. */
  readonly problems: readonly string[]
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
  readonly report: NodeReport | undefined
}

const DEADLINE_MS = 90_000

/** Runs one row in a process of its own, which has a node, and judges how both ended and what was handled. */
export async function runNodeRow(ending: NodeEnding): Promise<NodeResult> {
  const directory = await mkdtemp(join(tmpdir(), 'zera-journal-'))
  try {
    const journal = join(directory, 'journal')
    const end = await runChild('scenarios/node-scenario.js', { ending: ending.name, journal } satisfies NodeOrder, {
      deadlineMs: DEADLINE_MS,
      onLine: (line, kill) => {
        if (line !== REACHED) return
        if (ending.signal === 'SIGKILL') kill('SIGKILL')
        else if (ending.exitCode === 143) kill('SIGTERM')
      },
    })
    const nodes = end.lines.filter(line => line.startsWith(NODE)).map(line => Number(line.slice(NODE.length)))
    await until('the processes of nodes have ended', () => !nodes.some(isRunning))
    const again = handledAgain(readJournal(journal))
    const problems = judgeRow(ending, end, again)
    const { exitCode, signal, durationMs } = end
    return {
      ending: ending.name,
      isOk: problems.length === 0,
      problems,
      exitCode,
      signal,
      durationMs,
      report: lastReport(end) as NodeReport | undefined,
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

function judgeRow(ending: NodeEnding, end: ChildEnd, again: readonly string[]): string[] {
  const { exitCode, signal, isHung, errorText } = end
  const problems: string[] = []
  if (isHung) problems.push('it hung and was killed')
  if (exitCode !== ending.exitCode || signal !== ending.signal)
    problems.push(
      `it ended with exit code ${exitCode} and signal ${signal}, should be ${ending.exitCode} and ${ending.signal}`,
    )
  if (again.length > 0) problems.push(`handled twice: ${again.join()}`)
  const report = lastReport(end) as NodeReport | undefined
  if (report !== undefined) problems.push(...judgeNodeReport(ending, report))
  else if (ending.signal !== 'SIGKILL') problems.push('it has not reported')
  if (errorText !== '') problems.push(`it wrote: ${errorText.trim().slice(0, 2000)}`)
  return problems
}
