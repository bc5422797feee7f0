import type { StormReport } from './storm.js'

/** Names everything in the report of a storm that is not as it has to be. */
export function judgeStorm({ downs, living, dying, questions, lost, deadLetters, wrongEvents, receipt, open }: StormReport): string[] {
  const problems: string[] = []
  if (downs === 0) problems.push('no thread went down')
  for (const [index, { sent, handled, misordered }] of living.entries()) {
    if (handled !== sent) problems.push(`sender ${index}: ${sent} messages were sent to an actor that loses nothing, ${handled} were handled`)
    if (misordered > 0) problems.push(`sender ${index}: ${misordered} messages were handled out of order, or again without being marked`)
  }
  const missing = dying.reduce((total, { sent, handled }) => total + sent - handled, 0)
  if (missing > lost) problems.push(`${missing} messages of senders that died are missing, ${lost} were reported as lost`)
  for (const [index, { asked, answered, down, wrong }] of questions.entries()) {
    problems.push(...wrong.map(what => `questions ${index}: ${what}`))
    if (asked !== answered + down + wrong.length) problems.push(`questions ${index}: ${asked} were asked, ${answered + down + wrong.length} were settled`)
    if (answered === 0) problems.push(`questions ${index}: none was answered`)
  }
  for (const [reason, count] of Object.entries(deadLetters)) problems.push(`${count} dead letters: ${reason}`)
  if (wrongEvents.length > 0) problems.push(`events that may not be: ${wrongEvents.join()}`)
  if (!receipt.isClean) problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
  if (open.length > 0) problems.push(`left open: ${open.join()}`)
  return problems
}
