import { lossesOf } from './storm-losses.js'
import type { StormReport } from './storm.js'

/** Names everything in the report of a storm that is not as it has to be. */
export function judgeStorm(report: StormReport): string[] {
  const { downs, living, questions, lost, deadLetters, wrongEvents, receipt, open } = report
  const problems: string[] = []
  if (downs === 0) problems.push('no thread went down')
  for (const [index, { sent, handled, misordered }] of living.entries()) {
    if (handled !== sent)
      problems.push(
        `sender ${index}: ${sent} messages were sent to an actor that loses nothing, ${handled} were handled`,
      )
    if (misordered > 0)
      problems.push(`sender ${index}: ${misordered} messages were handled out of order, or again without being marked`)
  }
  const { least, most } = lossesOf(report)
  if (lost < least || lost > most)
    problems.push(
      `${least} to ${most} messages are missing that threads had when they died, ${lost} were reported as lost`,
    )
  for (const [index, { asked, answered, down, wrong }] of questions.entries()) {
    problems.push(...wrong.map(what => `questions ${index}: ${what}`))
    if (asked !== answered + down + wrong.length)
      problems.push(`questions ${index}: ${asked} were asked, ${answered + down + wrong.length} were settled`)
    if (answered === 0) problems.push(`questions ${index}: none was answered`)
  }
  for (const [reason, count] of Object.entries(deadLetters)) problems.push(`${count} dead letters: ${reason}`)
  if (wrongEvents.length > 0) problems.push(`events that may not be: ${wrongEvents.join()}`)
  if (!receipt.isClean) problems.push(`the receipt is not clean: ${JSON.stringify(receipt)}`)
  if (open.length > 0) problems.push(`left open: ${open.join()}`)
  return problems
}
