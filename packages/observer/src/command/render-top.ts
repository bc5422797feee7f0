import { bytes, duration } from '../model/format.js'
import type { MethodState, SystemState, ThreadState } from '../model/state.js'

/** Columns by which methods are sorted, by the key that chooses them. */
export const SORTS = {
  r: { name: 'rate', of: ({ short }: MethodState): number => short.rate },
  l: { name: 'load', of: ({ short }: MethodState): number => short.load },
  p: { name: 'run p99', of: ({ short }: MethodState): number => short.run.p99 },
  w: { name: 'wait p99', of: ({ short }: MethodState): number => short.wait.p99 },
} as const

export type SortKey = keyof typeof SORTS

/** The screen of `zera top`, in so many columns and rows. */
export function renderTop(state: SystemState, sort: SortKey, columns: number, rows: number): string {
  const { name, pid, threads, methods, counters, findings, windows } = state
  const rate = methods.reduce((sum, { short }) => sum + short.rate, 0)
  const head = [
    `${name} (process ${pid})  ${rate.toFixed(0)} messages/s  ${counters.handled} handled  ${counters.failed} threw  ${counters.restarts} restarts  ${counters.deadLetters} dead letters  ${counters.messagesLost} lost`,
    ...findings.slice(0, 3).map(({ severity, text }) => `${severity}: ${text}`),
    '',
    table(
      ['thread', 'condition', 'load', 'cores', 'heap', 'delay p99', 'runs'],
      threads.slice(0, Math.max(3, Math.floor(rows / 3))).map(thread => threadRow(thread, state.atMs)),
    ),
    '',
    table(
      ['method', 'rate/s', 'load', 'run p50', 'run p99', 'wait p99', 'ask p99', 'threw'],
      methods.toSorted((a, b) => SORTS[sort].of(b) - SORTS[sort].of(a)).map(methodRow),
    ),
  ].join('\n')
  const foot = `last ${windows.short.toFixed(0)} s, by ${SORTS[sort].name}; keys: r l p w sort, q quits`
  const lines = head.split('\n').slice(0, Math.max(1, rows - 1))
  return [...lines, foot].map(line => line.slice(0, columns)).join('\n')
}

function threadRow(
  { name, condition, utilization, cores, heapBytes, delay, running }: ThreadState,
  atMs: number,
): string[] {
  return [
    name,
    condition,
    `${(utilization * 100).toFixed(0)} %`,
    cores === undefined ? '-' : cores.toFixed(2),
    bytes(heapBytes),
    duration(delay.p99),
    running === undefined
      ? '-'
      : `${running.method}() of ${running.title}, ${duration(Math.max(0, atMs - running.sinceMs))}`,
  ]
}

function methodRow({ definition, method, short }: MethodState): string[] {
  return [
    definition === '' ? 'others' : `${definition}.${method}()`,
    short.rate.toFixed(0),
    `${(short.load * 100).toFixed(0)} %`,
    duration(short.run.p50),
    duration(short.run.p99),
    duration(short.wait.p99),
    duration(short.ask.p99),
    String(short.failed),
  ]
}

/** The first column and the last one of threads are texts; all others stand at the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows]
  const widths = heads.map((_, at) => Math.max(...all.map(row => row[at]?.length ?? 0)))
  return all
    .map(row =>
      row
        .map((text, at) =>
          at === 0 || heads[at] === 'runs' || heads[at] === 'condition'
            ? text.padEnd(widths[at] ?? 0)
            : text.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
