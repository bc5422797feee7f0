import type { Report } from './control.js'

const MAX_CHARS = 1000

/**
 * Shortens a report that is longer than a system reads. It drops the accounts of links, whose outcome then stays
 * unknown, and everything in errors besides their names and texts.
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
