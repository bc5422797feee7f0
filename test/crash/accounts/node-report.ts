import type { DownReason } from '@zera/core/internal'
import type { NodeEnding } from '../rows/node-endings.js'
import { judgeLosses } from './account.js'
import { judgeNodeAccount, judgeSettledAccount, type NodeAccount } from './node-account.js'
import type { ReceiptReport } from './receipt-report.js'

/** What the process of a row writes before the process of its node. */
export const NODE = 'node '

/** What the process of a row for nodes says. */
export interface NodeReport {
  readonly kind: 'node'
  readonly deathsPlanned: number
  readonly downs: readonly { readonly reason: DownReason; readonly exitCode: number }[]
  readonly restarts: number
  readonly account: NodeAccount
  readonly letters: number
  readonly receipt: ReceiptReport | undefined
  /** What was open in the main thread after the stop. */
  readonly open: readonly string[]
}

/** Names everything in a report that is not as it has to be. */
export function judgeNodeReport(ending: NodeEnding, report: NodeReport): string[] {
  const { account, receipt, letters, open } = report
  const problems = judgeNodeAccount(account)
  // A process that ends at once takes its messages along; no process is left to account for them.
  if (ending.name === 'main-exit' || ending.name === 'process-main-exit') return problems
  if (receipt === undefined) return [...problems, 'the system gave no receipt']
  if (!receipt.isClean) problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
  if (Object.values(receipt.left).some(left => left > 0))
    problems.push(`the system has left something: ${JSON.stringify(receipt.left)}`)
  if (receipt.deadLetters !== letters) problems.push(`${letters} dead letters, the receipt says ${receipt.deadLetters}`)
  if (receipt.messagesLost !== account.lost)
    problems.push(`${account.lost} lost messages, the receipt says ${receipt.messagesLost}`)
  if (open.length > 0) problems.push(`left open: ${open.join()}`)
  return [...problems, ...(ending.of === 'main' ? judgeStop(report) : judgeDeaths(ending, report))]
}

function judgeDeaths(
  { of, name, down }: Exclude<NodeEnding, { readonly of: 'main' }>,
  { downs, deathsPlanned, restarts, account }: NodeReport,
): string[] {
  const problems = judgeSettledAccount(account)
  // On a busy machine a short deadline may pass once more.
  const hasAll = name === 'node-suspended' ? downs.length >= deathsPlanned : downs.length === deathsPlanned
  if (!hasAll) problems.push(`${downs.length} threads went down, should be ${deathsPlanned}`)
  if (restarts !== downs.length)
    problems.push(`the actor was restarted ${restarts} times, and died ${downs.length} times`)
  const others = downs.filter(({ reason, exitCode }) => reason !== down.reason || exitCode !== down.exitCode)
  if (others.length > 0) problems.push(`ends of another kind: ${JSON.stringify(others)}`)
  // Of a process that has died it is unknown what its threads had begun, and what they had accepted and not sent.
  if (of === 'node') return problems
  const { sent, sentOn, lost } = account
  problems.push(
    ...judgeLosses({
      sent: Object.values(sentOn),
      answered: Object.values(sent),
      lost,
      earlyDeaths: 0,
      hasStreams: false,
    }),
  )
  const begun = Object.values(sent).reduce((total, sums) => total + sums.begun, 0)
  if (begun > deathsPlanned)
    problems.push(`${begun} messages were given back as begun by an actor that died ${deathsPlanned} times`)
  return problems
}

/** A stop without hurry: all that was accepted was handled. */
function judgeStop({ downs, letters, account: { sent, sentOn, lost } }: NodeReport): string[] {
  const problems: string[] = []
  if (downs.length + letters + lost > 0)
    problems.push(
      `${downs.length} threads went down, ${letters} dead letters and ${lost} lost messages in a clean stop`,
    )
  for (const [lane, { tried, handled, refused }] of Object.entries({ ...sent, ...sentOn })) {
    if (handled + refused !== tried)
      problems.push(`${lane}: ${tried - refused} messages were accepted, ${handled} were handled before the stop`)
  }
  return problems
}
