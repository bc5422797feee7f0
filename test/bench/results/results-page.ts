import type { Bench, Figure } from '../bench.js'
import { formatMachine, type Machine } from '../machine.js'
import type { BarPanel } from './bar-panel.js'
import type { Panel } from './chart.js'
import { formatNumber } from './format-number.js'
import { formatHeatMap, heatMapsOf } from './heat-map.js'
import { isOurs, lastRun, rowsOfFigure, type Result } from './result.js'
import type { Row } from './rows.js'
import { captionOf, formatTargets } from './targets.js'

const MAP_NOTE =
  'Ratios of benchmarks with the same parts side by side; their medians stand below. Where less is better they are inverted: in all of them more is better, and more than 1 is ahead. Bold ones miss a target.'

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
  const maps = heatMapsOf(results)
  const tables = results.flatMap(result => {
    const { bench } = result
    const { rows, absences } = lastRun(result)
    return [
      `## ${bench.name}`,
      `${bench.title}.${bench.notes === undefined ? '' : ` ${bench.notes}`}`,
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
    ...[...new Set(maps.map(({ family }) => family))].flatMap(family => [
      `## ${family}`,
      MAP_NOTE,
      ...maps.filter(map => map.family === family).map(formatHeatMap),
    ]),
    ...tables,
    '',
  ].join('\n\n')
}

/** The panels of the chart: one for each figure, and a map where benchmarks of many parts stand side by side. */
export function panelsOf(results: readonly Result[]): Panel[] {
  return [...results.filter(({ bench }) => bench.column === undefined).flatMap(barsOf), ...heatMapsOf(results)]
}

function barsOf(result: Result): BarPanel[] {
  const { bench } = result
  return bench.figures.map(figure => {
    const rows = rowsOfFigure(bench, figure, lastRun(result).rows)
    return {
      title: `${captionOf(bench, figure)} (${figure.unit}, ${figure.better} is better)`,
      bars: rows.map(row => ({ label: row.system, value: row.median, isOurs: isOurs(bench, row.system) })),
      target: targetLine(figure, rows),
    }
  })
}

function formatFigure(bench: Bench, figure: Figure, rows: readonly Row[]): string {
  const caption = bench.figures.length > 1 ? `${figure.name}, ` : ''
  if (bench.parts !== undefined) return formatGrid(bench, `${caption}${figure.unit}, ${figure.better} is better`, rows)
  const lines = rows.map(
    ({ system, ratio, ...row }) =>
      `| ${isOurs(bench, system) ? `**${system}**` : system} | ${formatNumber(row.median)} | ${formatNumber(ratio)} |`,
  )
  return [
    `| ${caption}${figure.better} is better | ${figure.unit} | ratio to ${rows[0]?.baseline} |`,
    '| --- | ---: | ---: |',
    ...lines,
  ].join('\n')
}

/** Medians, the parts below each other and the systems side by side. */
function formatGrid({ parts = [], contenders }: Bench, caption: string, rows: readonly Row[]): string {
  const systems = contenders.map(({ system }) => system).filter(system => rows.some(row => row.system === system))
  const lines = parts.map(({ name }) => {
    const medians = systems.map(system => rows.find(row => row.part === name && row.system === system)?.median)
    return `| ${name} | ${medians.map(number => (number === undefined ? '' : formatNumber(number))).join(' | ')} |`
  })
  return [`| ${caption} | ${systems.join(' | ')} |`, `| --- |${' ---: |'.repeat(systems.length)}`, ...lines].join('\n')
}

/** A line in the unit of the bars; of several targets, the first one. */
function targetLine({ targets }: Figure, rows: readonly Row[]): number | undefined {
  const [target] = targets ?? []
  if (target === undefined) return undefined
  const base = rows.find(({ system, baseline }) => system === baseline)
  return target.of === 'median' ? target.limit : base && base.median * target.limit
}

function disturbance(cores: number, loads: readonly number[]): string {
  return Math.max(...loads) > cores ? ' **The machine was busy with other work, so these ratios are rough.**' : ''
}
