import type { SystemReceipt } from '@zera/actors'
import { formatAmount, formatCount, formatSeconds } from './format.js'

/** Shows the proof that the system has stopped: every thread that it ever had, what is left, and the verdict. */
export function renderReceipt(receipt: SystemReceipt, systemName: string): string {
  const { threads, actors, left, startedAtMs } = receipt
  const headings = ['thread', 'actor', 'started', 'stopped', 'lasted', 'exit code', 'outcome']
  const rows = threads.map(thread => [
    thread.thread,
    // flights/3.2 is the second thread at place 3 of the system; an actor keeps its place.
    actors.find(actor => thread.thread.startsWith(`${systemName}/${actor.host}.`))?.name ?? '-',
    formatSeconds(thread.startedAtMs - startedAtMs, 2),
    formatSeconds(thread.stoppedAtMs - startedAtMs, 2),
    formatSeconds(thread.durationMs, 2),
    String(thread.exitCode),
    thread.outcome,
  ])
  return [
    'The receipt of the stop: all threads, in the order in which they ended',
    '',
    ...alignColumns([headings, ...rows]),
    '',
    `Left open: ${Object.entries(left)
      .map(([kind, count]) => `${formatCount(count)} ${kind}`)
      .join(', ')}`,
    `Undelivered: ${formatAmount(receipt.deadLetters, 'dead letter')}, ${formatAmount(receipt.messagesLost, 'lost message')}`,
    judge(receipt),
  ].join('\n')
}

function judge({ threads, isClean }: SystemReceipt): string {
  if (!isClean) return 'NOT CLEAN: a thread or an actor did not end by itself, or something is left.'
  const replaced = threads.filter(thread => thread.outcome !== 'clean').map(thread => thread.thread)
  if (replaced.length === 0) return 'Clean: every thread closed what it had and ended by itself.'
  return `Clean: every thread closed what it had and ended by itself.\nThis does not count ${replaced.join(', ')}, gone and replaced before the stop.`
}

/** Pads words on the right and numbers on the left. */
function alignColumns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const pad = (cell: string, column: number): string => {
    const isNumber = /^\d/.test(rows[1]?.[column] ?? '')
    return isNumber ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
  }
  return rows.map(row => row.map(pad).join('  ').trimEnd())
}
