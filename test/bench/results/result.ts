import type { Bench, Figure } from '../bench.js'
import type { Outcome } from '../runs/bench-process.js'
import type { Row } from './rows.js'

/** A benchmark and what it has come to, run for run. */
export interface Result {
  readonly bench: Bench
  readonly runs: readonly [Outcome, ...Outcome[]]
}

export function lastRun({ runs }: Result): Outcome {
  return runs.at(-1) as Outcome
}

/** The rows of one figure, of all parts. */
export function rowsOfFigure({ figures }: Bench, figure: Figure, rows: readonly Row[]): Row[] {
  return rows.filter(row => figures.length === 1 || row.figure === figure.name)
}

export function isOurs({ contenders }: Bench, system: string): boolean {
  return contenders.find(contender => contender.system === system)?.isOurs === true
}
