import type { Bench, Figure, Target } from '../bench.js'
import { formatMachine, type Machine } from '../machine.js'
import type { Outcome } from '../runs/bench-process.js'
import type { BarPanel } from './bar-chart.js'
import { formatNumber } from './format-number.js'
import { isMet, type Row } from './rows.js'
import { median } from './statistics.js'
import { formatBound } from './table.js'

/** A benchmark and what it has come to, run for run. */
export interface Result {
  readonly bench: Bench
  readonly runs: readonly [Outcome, ...Outcome[]]
}

/** Where and when results were measured. */
export interface Circumstances {
  readonly machine: Machine
  /** The load of the machine before the run and after it. */
  readonly loads: readonly [before: number, after: number]
  readonly command: string
  readonly at: Date
}

/** The page of all results, in Markdown. */
export function formatResults(results: readonly Result[], { machine, loads, command, at }: Circumstances): string {
  const runs = Math.max(...results.map(result => result.runs.length))
  const tables = results.flatMap(result => {
    const { bench } = result
    const { rows, absences } = lastRun(result)
    return [
      `## ${bench.name}`,
      `${bench.title}.`,
      ...bench.figures.map(figure => formatFigure(bench, figure, rowsOfFigure(bench, figure, rows))),
      ...absences.map(([system, why]) => `Left out: ${system}, ${why}.`),
      ...(bench.findings === undefined || rows.every(({ targets }) => targets.every(target => target.isMet))
        ? []
        : [`**What was found.** ${bench.findings}`]),
    ]
  })
  return [
    '# Results of the benchmarks',
    `Written by \`${command}\` on ${at.toISOString().slice(0, 10)}. Each round checked that everything was delivered once.${runs > 1 ? ` All ran ${runs} times, one whole run after the other: the targets have all of them, the tables the last.` : ''}`,
    'Only the ratios mean anything: each is the median of the ratios of single rounds, in which the systems were measured in turn. In the charts a dashed line is the target.',
    `${formatMachine(machine).replaceAll('\n', '  \n')}  \nLoad of the machine before the run ${loads[0].toFixed(1)}, after it ${loads[1].toFixed(1)}, on ${machine.cores} cores.${disturbance(machine.cores, loads)}`,
    '## Targets',
    formatTargets(results),
    'Each benchmark below says why its missed targets are missed, what profiles showed and what was tried; [SPEED.md](../../docs/SPEED.md) has what was done so far.',
    '![Medians of all systems](results.svg)',
    ...tables,
    '',
  ].join('\n\n')
}

/** The panels of the chart: one for each figure. */
export function panelsOf(results: readonly Result[]): BarPanel[] {
  return results.flatMap(result =>
    result.bench.figures.map(figure => {
      const { bench } = result
      const rows = rowsOfFigure(bench, figure, lastRun(result).rows)
      return {
        title: `${captionOf(bench, figure)} (${figure.unit}, ${figure.better} is better)`,
        bars: rows.map(row => ({ label: row.system, value: row.median, isOurs: isOurs(bench, row.system) })),
        target: targetLine(figure, rows),
      }
    }),
  )
}

/** How far the figures of all runs are from a bound, in words: `missed by 12 %`, of the one in the middle. */
export function formatDistance(
  { of, limit }: Target,
  better: Figure['better'],
  rows: readonly Pick<Row, 'ratio' | 'median'>[],
): string {
  const reached = rows.map(row => row[of])
  const met = reached.filter(number => isMet(better, number, limit)).length
  if (met === reached.length) return 'met'
  if (met > 0) return `met in ${met} of ${reached.length} runs`
  const percent = Math.abs(median(reached) / limit - 1) * 100
  return `**missed** by ${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`
}

function formatTargets(results: readonly Result[]): string {
  const lines = results.flatMap(result =>
    result.bench.figures.flatMap(figure =>
      rowsOfFigure(result.bench, figure, lastRun(result).rows).flatMap(({ system, baseline, targets }) => {
        const own = result.runs.flatMap(({ rows }) =>
          rowsOfFigure(result.bench, figure, rows).filter(row => row.system === system),
        )
        return targets.map(target => {
          const reached = own.map(row => formatNumber(row[target.of])).join(' · ')
          const [against, unit] = target.of === 'ratio' ? [` ${baseline}`, '×'] : ['', figure.unit]
          return `| ${captionOf(result.bench, figure)} | ${system} | ${formatBound(target, figure)}${against} | ${reached} ${unit} | ${formatDistance(target, figure.better, own)} |`
        })
      }),
    ),
  )
  return ['| benchmark | system | target | reached | |', '| --- | --- | --- | ---: | --- |', ...lines].join('\n')
}

function lastRun({ runs }: Result): Outcome {
  return runs.at(-1) as Outcome
}

function formatFigure(bench: Bench, figure: Figure, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ system, ratio, ...row }) =>
      `| ${isOurs(bench, system) ? `**${system}**` : system} | ${formatNumber(row.median)} | ${formatNumber(ratio)} |`,
  )
  const caption = bench.figures.length > 1 ? `${figure.name}, ` : ''
  return [
    `| ${caption}${figure.better} is better | ${figure.unit} | ratio to ${rows[0]?.baseline} |`,
    '| --- | ---: | ---: |',
    ...lines,
  ].join('\n')
}

function rowsOfFigure({ figures }: Bench, figure: Figure, rows: readonly Row[]): Row[] {
  return rows.filter(row => figures.length === 1 || row.figure === figure.name)
}

/** A line in the unit of the bars; of several targets, the first one. */
function targetLine({ targets }: Figure, rows: readonly Row[]): number | undefined {
  const [target] = targets ?? []
  if (target === undefined) return undefined
  const base = rows.find(({ system, baseline }) => system === baseline)
  return target.of === 'median' ? target.limit : base && base.median * target.limit
}

function captionOf({ name, figures }: Bench, figure: Figure): string {
  return figures.length > 1 ? `${name}, ${figure.name}` : name
}

function isOurs({ contenders }: Bench, system: string): boolean {
  return contenders.find(contender => contender.system === system)?.isOurs === true
}

function disturbance(cores: number, loads: readonly number[]): string {
  return Math.max(...loads) > cores ? ' **The machine was busy with other work, so these ratios are rough.**' : ''
}
