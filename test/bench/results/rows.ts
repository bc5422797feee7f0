import type { Bench, Figure, Figures, Target } from '../bench.js'
import type { BenchRun } from '../runs/run-bench.js'
import { median } from './statistics.js'

/** What a system has reached in one figure of a benchmark: a line of `--json` and of a table. */
export interface Row {
  readonly bench: string
  /** Undefined where a benchmark has no parts. */
  readonly part: string | undefined
  /** Undefined where a benchmark has one figure alone. */
  readonly figure: string | undefined
  readonly system: string
  readonly unit: string
  readonly median: number
  readonly baseline: string
  /** The median of the ratios to the baseline in single rounds, which were measured side by side. */
  readonly ratio: number
  /** What a system of ours should reach. */
  readonly targets: readonly Verdict[]
}

/** A target, and whether it was met. */
interface Verdict extends Target {
  readonly isMet: boolean
}

/** The rows of a run, figure by figure, each part by part and in the order of the contenders: none where none could run. */
export function rowsOf({ bench, rounds }: BenchRun): Row[] {
  return bench.figures.flatMap(figure =>
    [...rounds].flatMap(([part, systems]) => (systems.size === 0 ? [] : rowsOfPart(bench, figure, part, systems))),
  )
}

/**
 * The best of the baselines that ran, by its median.
 *
 * @throws {RangeError} When none ran.
 */
export function chooseBaseline(
  { name, baselines }: Pick<Bench, 'name' | 'baselines'>,
  { better }: Pick<Figure, 'better'>,
  numbers: ReadonlyMap<string, readonly number[]>,
): string {
  const ranked = baselines
    .flatMap(system => {
      const own = numbers.get(system)
      return own === undefined ? [] : [{ system, median: median(own) }]
    })
    .toSorted((a, b) => (better === 'more' ? b.median - a.median : a.median - b.median))
  const [best] = ranked
  if (best === undefined)
    throw new RangeError(`Cannot compare in ${name}: none of its baselines ran (${baselines.join(', ')})`)
  return best.system
}

/** Whether a figure keeps a bound. */
export function isMet(better: Figure['better'], number: number, limit: number): boolean {
  return better === 'more' ? number >= limit : number <= limit
}

function rowsOfPart(
  bench: Bench,
  figure: Figure,
  part: string | undefined,
  systems: ReadonlyMap<string, readonly Figures[]>,
): Row[] {
  const numbers = new Map(
    [...systems].map(([system, figures]) => [system, figures.map(({ [figure.name]: number }) => number as number)]),
  )
  const baseline = chooseBaseline(bench, figure, numbers)
  return [...numbers].map(([system, own]) =>
    rowOf(bench, figure, part, system, own, baseline, numbers.get(baseline) as number[]),
  )
}

function rowOf(
  { name, figures, parts, contenders }: Bench,
  figure: Figure,
  part: string | undefined,
  system: string,
  own: readonly number[],
  baseline: string,
  base: readonly number[],
): Row {
  const measured = {
    median: median(own),
    baseline,
    ratio: median(sideBySide(own, base).map(([number, beside]) => number / beside)),
  }
  const isJudged = system !== baseline && contenders.find(contender => contender.system === system)?.isOurs === true
  const targets = parts?.find(one => one.name === part)?.targets?.[figure.name] ?? figure.targets ?? []
  return {
    bench: name,
    part,
    figure: figures.length > 1 ? figure.name : undefined,
    system,
    unit: figure.unit,
    ...measured,
    targets: isJudged
      ? targets
          .filter(target => (target.system ?? system) === system)
          .map(({ of, limit }) => ({ of, limit, isMet: isMet(figure.better, measured[of], limit) }))
      : [],
  }
}

/** What one of two has not taken part in is left out. */
function sideBySide(own: readonly number[], base: readonly number[]): (readonly [number: number, beside: number])[] {
  return own.slice(0, base.length).map((number, round) => [number, base[round] as number])
}
