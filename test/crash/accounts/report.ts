import { writeSync } from 'node:fs'
import type { DownReason } from '@zera/core/internal'
import { LANES, type LaneName } from '../records/truth.js'
import type { Ending, EndingName } from '../rows/endings.js'
import { SIBLING } from '../stages/victim-in.js'
import { judgeLane, judgeKept, judgeLosses, judgeSurvivingSender, type KeptAccount, type LaneSums } from './account.js'
import type { NodeReport } from './node-report.js'
import type { ReceiptReport } from './receipt-report.js'

/** What the process of a cell writes when it is in its state. The sender of a signal waits for it. */
export const REACHED = 'reached'

/** The sums of all lanes, and what was wrong in them that no sum shows. */
export interface LanesReport {
  readonly sums: Readonly<Record<LaneName, LaneSums>>
  readonly misordered: number
  readonly corrupt: number
  /** Items of streams in the wrong order, and streams that ended as they must not. */
  readonly misread: number
}

/** How a thread ended, as `host-down` has it. */
interface Death {
  readonly reason: DownReason
  readonly exitCode: number
  readonly error: string | undefined
}

/** What the process of a cell says when threads died in it. */
export interface ThreadReport {
  readonly kind: 'thread'
  readonly deathsPlanned: number
  readonly deaths: readonly Death[]
  /** Deaths of a thread that had only just started. */
  readonly earlyDeaths: number
  /** Whether items of streams were under way, which may be lost too. */
  readonly hasStreams: boolean
  /** Whether an actor is restarted with the victim each time. */
  readonly hasSibling: boolean
  /** What the store has of a durable victim, before the stop; undefined for any other. */
  readonly kept: KeptAccount | undefined
  /** How often each actor was restarted, by name. */
  readonly restarts: Readonly<Record<string, number>>
  /** Restarts that came to nothing, because the next thread died as well. They count, too. */
  readonly restartsInVain: number
  readonly hasNeighbour: boolean
  /** How often each actor was stopped before the system was. */
  readonly stopped: Readonly<Record<string, number>>
  /** Events that may not be. */
  readonly wrongEvents: readonly string[]
  /** Asks to actors on other threads that were answered during and after deaths. */
  readonly answers: number
  readonly answersPlanned: number
  readonly lanes: LanesReport
  /** The sums of all `messages-lost` with the victim's thread, and of any others. */
  readonly lost: number
  readonly lostByOthers: number
  readonly letters: number
  readonly strayLetters: readonly string[]
  readonly receipt: ReceiptReport
  /** What was open in the main thread after the stop. */
  readonly open: readonly string[]
}

/** What the process of a cell says when it is stopped, and ends. */
interface StopReport {
  readonly kind: 'stop'
  readonly lanes: LanesReport
  readonly receipt: ReceiptReport | undefined
  readonly wrongEvents: readonly string[]
}

/** What it says when it ends at once. */
interface EndReport {
  readonly kind: 'end'
  readonly corrupt: number
}

export type Report = ThreadReport | StopReport | EndReport

/** Writes the report of this process, also when it is ending. */
export function writeReport(report: Report | NodeReport): void {
  writeSync(1, `${JSON.stringify(report)}\n`)
}

/** A durable actor may have handled so many messages, of which that is not kept when its thread dies. */
const MOST_UNKEPT = 1024

const ENDS_AT_ONCE: readonly EndingName[] = ['main-exit', 'main-throw']

/** Names everything in a report that is not as it has to be. */
export function judgeReport(ending: Ending, report: Report): string[] {
  if (report.kind === 'thread') return judgeThreadReport(ending, report)
  if (report.kind === 'end') return report.corrupt === 0 ? [] : [`${report.corrupt} payloads are corrupt`]
  // A process that ends at once takes its messages along; no process is left to account for them.
  return ENDS_AT_ONCE.includes(ending.name) ? [] : judgeStopReport(report)
}

function judgeThreadReport(ending: Ending, report: ThreadReport): string[] {
  const { deaths, deathsPlanned, earlyDeaths, lanes, receipt } = report
  const problems = judgeLanes(lanes)
  const expect = (what: string, is: unknown, shouldBe: unknown): void => {
    if (is !== shouldBe) problems.push(`${what}: ${String(is)}, should be ${String(shouldBe)}`)
  }
  expect('deaths', deaths.length, deathsPlanned)
  for (const death of deaths)
    if (death.reason !== ending.reason || death.exitCode !== ending.exitCode)
      problems.push(`a death of another kind: ${JSON.stringify(death)}`)
  const { victim: restarts = 0, ...others } = report.restarts
  if (restarts > deathsPlanned || restarts < deathsPlanned - earlyDeaths)
    problems.push(`the victim was restarted ${restarts} times, and died ${deathsPlanned} times`)
  expect('restarts of others', JSON.stringify(others), JSON.stringify(report.hasSibling ? { [SIBLING]: restarts } : {}))
  expect(
    'actors that were not restarted',
    JSON.stringify(report.stopped),
    JSON.stringify(report.hasNeighbour ? { neighbour: 1 } : {}),
  )
  expect('events that may not be', report.wrongEvents.join(), '')
  expect('answers of others during and after deaths', report.answers, report.answersPlanned)

  const { sums } = lanes
  const answered = [sums['main-to-victim'], sums['host-to-victim']]
  const sent = [sums['victim-to-main'], sums['victim-to-host']]
  problems.push(...answered.flatMap((lane, index) => judgeSurvivingSender(LANES[index] as string, lane)))
  problems.push(...judgeLosses({ sent, answered, lost: report.lost, earlyDeaths, hasStreams: report.hasStreams }))
  const begun = answered.reduce((total, lane) => total + lane.begun, 0)
  if (begun > deathsPlanned * (report.kept === undefined ? 1 : MOST_UNKEPT))
    problems.push(`${begun} messages were given back as begun by an actor that died ${deathsPlanned} times`)
  if (report.kept !== undefined) problems.push(...judgeKept(report.kept))
  const unknown = sent.reduce((total, lane) => total + lane.unknown, 0)
  if (unknown > deathsPlanned)
    problems.push(`${unknown} messages were being sent by an actor that died ${deathsPlanned} times`)

  expect('messages lost by threads that lived', report.lostByOthers, 0)
  expect('stray dead letters', report.strayLetters.join(), '')
  expect('clean receipt', receipt.isClean, true)
  expect('dead letters of the receipt', receipt.deadLetters, report.letters)
  expect('lost messages of the receipt', receipt.messagesLost, report.lost)
  expect(
    'restarts of the receipt',
    receipt.restarts,
    report.restartsInVain + (report.hasSibling ? 2 * restarts : restarts),
  )
  expect('threads of the receipt', receipt.threads, 2 + deathsPlanned + (report.kept === undefined ? 0 : 1))
  expect('left open', report.open.join(), '')
  return problems
}

/** A stop without hurry: all that was accepted was handled. */
function judgeStopReport({ lanes, receipt, wrongEvents }: StopReport): string[] {
  const problems = judgeLanes(lanes)
  for (const [name, sums] of Object.entries(lanes.sums)) {
    const { tried, handled, refused } = sums
    if (handled + refused !== tried)
      problems.push(`${name}: ${tried - refused} messages were accepted, ${handled} were handled before the stop`)
  }
  if (receipt === undefined) return [...problems, 'the system gave no receipt']
  if (!receipt.isClean) problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
  if (receipt.deadLetters + receipt.messagesLost > 0)
    problems.push(`${receipt.deadLetters} dead letters and ${receipt.messagesLost} lost messages in a clean stop`)
  if (wrongEvents.length > 0) problems.push(`events that may not be: ${wrongEvents.join()}`)
  return problems
}

function judgeLanes({ sums, misordered, corrupt, misread }: LanesReport): string[] {
  const problems = Object.entries(sums).flatMap(([name, lane]) => judgeLane(name, lane))
  if (misordered > 0) problems.push(`${misordered} messages were handled before one that was sent earlier`)
  if (corrupt > 0) problems.push(`${corrupt} payloads are corrupt`)
  if (misread > 0)
    problems.push(`${misread} items of streams were in the wrong order, or streams ended as they must not`)
  return problems
}
