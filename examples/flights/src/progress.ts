import { drawBar } from './bar.js'
import { formatCount, formatSeconds } from './format.js'

/** How much of the file is done. */
export interface ProgressState {
  readonly partsDone: number
  readonly parts: number
  readonly rowsDone: number
  readonly rows: number
  readonly elapsedMs: number
}

/** Where progress is shown; `process.stdout` is one. */
export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface Progress extends Disposable {
  /** Counts one more part as done. */
  advance(rowCount: number): void
  /** Writes a line above the bar, for what happens meanwhile. */
  note(line: string): void
  /**
   * Leaves the last bar as it is and shows nothing more. It can be called twice, and after it `note` writes a plain
   * line.
   */
  stop(): void
}

/**
 * Shows the progress through a file: on a terminal as a bar that is redrawn in place, elsewhere as a line at each
 * tenth.
 *
 * The bar is a whole line and the cursor always rests, visible, at the start of the next one. So whatever ends the
 * program, there is nothing to restore. While it is shown, other lines belong in `note`.
 *
 * @example
 *   using progress = startProgress(process.stdout, { parts: 44, rows: 3_000_000 })
 *   progress.advance(68_181)
 *
 * @param now The clock, in milliseconds.
 */
export function startProgress(
  output: ProgressOutput,
  file: { readonly parts: number; readonly rows: number },
  now: () => number = () => performance.now(),
): Progress {
  const startedAt = now()
  let partsDone = 0
  let rowsDone = 0
  let isBarShown = false
  let isStopped = false

  const state = (): ProgressState => ({ ...file, partsDone, rowsDone, elapsedMs: now() - startedAt })
  const drawBarLine = (textAbove = ''): void => {
    output.write(
      `${isBarShown ? ERASE_LINE_ABOVE : ''}${textAbove}${renderProgressBar(state(), output.columns || 80)}\n`,
    )
    isBarShown = true
  }
  const stop = (): void => {
    isStopped = true
  }

  if (output.isTTY) drawBarLine()

  return {
    advance(rowCount) {
      if (isStopped) return
      const tenthsBefore = tenthsDone({ ...file, rowsDone })
      partsDone++
      rowsDone += rowCount
      if (output.isTTY) drawBarLine()
      else if (tenthsDone({ ...file, rowsDone }) > tenthsBefore) output.write(`${renderProgressLine(state())}\n`)
    },
    note(line) {
      if (output.isTTY && !isStopped) drawBarLine(`${line}\n`)
      else output.write(`${line}\n`)
    },
    stop,
    [Symbol.dispose]: stop,
  }
}

/**
 * The bar, always shorter than `columns`, because a line that fills the terminal would wrap. It drops what does not
 * fit, from the right.
 */
export function renderProgressBar(state: ProgressState, columns: number): string {
  const percent = `${String(Math.floor(100 * shareDone(state))).padStart(3)}%`
  const details = describe(state)
  while (details.length > 0 && columnsLeft(details, percent, columns) < MIN_BAR_COLUMNS) details.pop()

  const width = Math.min(columnsLeft(details, percent, columns), MAX_BAR_COLUMNS)
  const bar = width > 0 ? `${drawBar(shareDone(state) * width, width)} ` : ''
  return [bar + percent, ...details].join(SEPARATOR).slice(0, Math.max(columns - 1, 0))
}

/** The same as a plain sentence. */
export function renderProgressLine(state: ProgressState): string {
  return describe(state).join(', ')
}

/** Goes up to the bar and erases it with all that follows, such as a "^C" that the terminal echoed. */
const ERASE_LINE_ABOVE = '\r\x1b[1A\x1b[J'
const SEPARATOR = '  '
const MIN_BAR_COLUMNS = 10
const MAX_BAR_COLUMNS = 40

/** What is done, in the order of importance. */
function describe(state: ProgressState): string[] {
  const { partsDone, parts, rowsDone, rows, elapsedMs } = state
  const done = [`${partsDone} of ${parts} parts`, `${formatCount(rowsDone)} of ${formatCount(rows)} rows`]
  if (rowsDone === 0 || elapsedMs <= 0) return done

  const rowsPerMs = rowsDone / elapsedMs
  const time =
    rowsDone >= rows ? `done in ${formatSeconds(elapsedMs)}` : `${formatSeconds((rows - rowsDone) / rowsPerMs)} left`
  return [...done, `${formatCount(rowsPerMs * 1000)} rows/s`, time]
}

type RowsDone = Pick<ProgressState, 'rowsDone' | 'rows'>

function shareDone({ rowsDone, rows }: RowsDone): number {
  return rows === 0 ? 1 : rowsDone / rows
}

function tenthsDone(rows: RowsDone): number {
  return Math.floor(10 * shareDone(rows))
}

function columnsLeft(details: readonly string[], percent: string, columns: number): number {
  return columns - 1 - [` ${percent}`, ...details].join(SEPARATOR).length
}
