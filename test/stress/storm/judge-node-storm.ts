import { judgeNodeAccount, judgeSettledAccount } from '../../crash/accounts/node-account.js'
import type { NodeStormReport } from './node-storm.js'

/** Names everything in the report of a storm of nodes that is not as it has to be. */
export function judgeNodeStorm({
  killedNodes,
  killedThreads,
  downs,
  account,
  again,
  receipt,
  open,
}: NodeStormReport): string[] {
  const problems = [...judgeNodeAccount(account), ...judgeSettledAccount(account)]
  const { sent, sentOn, lost } = account
  if (killedNodes === 0 || killedThreads === 0)
    problems.push(`${killedNodes} nodes and ${killedThreads} threads of nodes were killed`)
  const others = downs.filter(reason => reason !== 'killed' && reason !== 'unreachable' && reason !== 'crashed')
  if (others.length > 0) problems.push(`threads went down in another way: ${others.join()}`)
  if (again.length > 0) problems.push(`handled twice: ${again.join()}`)
  // What a node has taken with it is not counted, so it may be fewer.
  const most = add(sentOn, 'missing') + add(sentOn, 'unknown') + add(sent, 'answerLost') + add(sent, 'begunAndHandled')
  if (lost > most) problems.push(`${lost} messages were reported as lost, ${most} are missing`)
  for (const [lane, { handled }] of Object.entries({ ...sent, ...sentOn }))
    if (handled === 0) problems.push(`${lane}: nothing was handled`)
  if (!receipt.isClean || Object.values(receipt.left).some(left => left > 0))
    problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
  if (open.length > 0) problems.push(`left open: ${open.join()}`)
  return problems
}

function add(
  lanes: NodeStormReport['account']['sent'] | NodeStormReport['account']['sentOn'],
  of: 'missing' | 'unknown' | 'answerLost' | 'begunAndHandled',
): number {
  return Object.values(lanes).reduce((total, lane) => total + lane[of], 0)
}
