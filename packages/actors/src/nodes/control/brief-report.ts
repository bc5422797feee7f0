import type { Report } from './control.js'

const MAX_CHARS = 1000

/**
 * A report that is longer than a system reads, without what makes it so: the accounts of links, of which nobody can say
 * then what became, and what errors have beside their names and texts.
 */
export function briefly(report: Report): Report {
  if (report.kind === 'failed') return { ...report, error: briefError(report.error) }
  if (report.kind !== 'down') return report
  const { down } = report.down
  return {
    ...report,
    down: { ...report.down, accounts: [], down: { ...down, error: down.error && briefError(down.error) } },
  }
}

function briefError({ name, message }: Error): Error {
  const brief = new Error(message.slice(0, MAX_CHARS))
  brief.name = name.slice(0, MAX_CHARS)
  return brief
}
