import type { Bench, Figure, Target } from '../bench.js'
import { formatNumber } from './format-number.js'
import { lastRun, rowsOfFigure, type Result } from './result.js'
import { isMet, type Row } from './rows.js'
import { median } from './statistics.js'
import { formatBound } from './table.js'

/** A target of a system, and what it has reached in all runs. */
interface Aim {
  readonly part: string | undefined
  readonly system: string
  readonly baseline: string
  readonly target: Target
  readonly reached: readonly Row[]
}

/** All targets and whether they are met, in Markdown. Those of many parts share a line when they are the same. */
export function formatTargets(results: readonly Result[]): string {
  const lines = results.flatMap(result =>
    result.bench.figures.flatMap(figure => {
      const aims = aimsOf(result, figure)
      const caption = captionOf(result.bench, figure)
      return result.bench.parts === undefined
        ? aims.map(aim => formatAim(caption, figure, aim))
        : sameAims(aims).map(same => formatSameAims(caption, figure, same))
    }),
  )
  return ['| benchmark | system | target | reached | |', '| --- | --- | --- | ---: | --- |', ...lines].join('\n')
}

/** How far the figures of all runs are from a bound, in words: `missed by 12 %`, of the one in the middle. */
export function formatDistance(
  target: Target,
  better: Figure['better'],
  rows: readonly Pick<Row, 'ratio' | 'median'>[],
): string {
  const met = metIn(target, better, rows)
  if (met === rows.length) return 'met'
  if (met > 0) return `met in ${met} of ${rows.length} runs`
  const percent = distanceOf(target, rows) * 100
  return `**missed** by ${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`
}

/** How a figure is called: by its benchmark alone, if that has no other. */
export function captionOf({ name, figures }: Bench, figure: Figure): string {
  return figures.length > 1 ? `${name}, ${figure.name}` : name
}

function aimsOf(result: Result, figure: Figure): Aim[] {
  const rows = rowsOfFigure(result.bench, figure, lastRun(result).rows)
  return rows.flatMap(({ part, system, baseline, targets }) => {
    const reached = result.runs.flatMap(run =>
      rowsOfFigure(result.bench, figure, run.rows).filter(row => row.part === part && row.system === system),
    )
    return targets.map(target => ({ part, system, baseline, target, reached }))
  })
}

/** What differs by its part alone stands together. */
function sameAims(aims: readonly Aim[]): (readonly [Aim, ...Aim[]])[] {
  const same = new Map<string, [Aim, ...Aim[]]>()
  for (const aim of aims) {
    const key = JSON.stringify([aim.system, aim.baseline, aim.target.of, aim.target.limit])
    const known = same.get(key)
    if (known === undefined) same.set(key, [aim])
    else known.push(aim)
  }
  return [...same.values()]
}

function formatAim(caption: string, figure: Figure, { system, target, reached, ...aim }: Aim): string {
  const numbers = reached.map(row => formatNumber(row[target.of])).join(' · ')
  return `| ${caption} | ${system} | ${boundOf(figure, { target, ...aim })} | ${numbers} ${unitOf(target, figure)} | ${formatDistance(target, figure.better, reached)} |`
}

function formatSameAims(caption: string, figure: Figure, aims: readonly [Aim, ...Aim[]]): string {
  const [{ system, target }] = aims
  const numbers = aims.map(({ reached }) => median(reached.map(row => row[target.of])))
  const range = [...new Set([Math.min(...numbers), Math.max(...numbers)].map(formatNumber))].join(' to ')
  const missed = aims
    .filter(({ reached }) => metIn(target, figure.better, reached) < reached.length)
    .toSorted((a, b) => distanceOf(target, b.reached) - distanceOf(target, a.reached))
  const [farthest] = missed
  const verdict =
    farthest === undefined
      ? 'met'
      : `**missed** in ${missed.length}, most in ${farthest.part}: ${formatDistance(target, figure.better, farthest.reached).replace('**missed** ', '')}`
  return `| ${caption}, ${aims.length} ${aims.length === 1 ? 'kind' : 'kinds'} | ${system} | ${boundOf(figure, aims[0])} | ${range} ${unitOf(target, figure)} | ${verdict} |`
}

function boundOf(figure: Figure, { target, baseline }: Pick<Aim, 'target' | 'baseline'>): string {
  return `${formatBound(target, figure)}${target.of === 'ratio' ? ` ${baseline}` : ''}`
}

function unitOf({ of }: Target, { unit }: Figure): string {
  return of === 'ratio' ? '×' : unit
}

function metIn(
  { of, limit }: Target,
  better: Figure['better'],
  rows: readonly Pick<Row, 'ratio' | 'median'>[],
): number {
  return rows.filter(row => isMet(better, row[of], limit)).length
}

/** By what part of the bound the middle of all runs is away from it. */
function distanceOf({ of, limit }: Target, rows: readonly Pick<Row, 'ratio' | 'median'>[]): number {
  return Math.abs(median(rows.map(row => row[of])) / limit - 1)
}
