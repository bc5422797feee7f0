import type { Bench } from '../bench.js'
import { formatNumber } from './format-number.js'
import { lastRun, rowsOfFigure, type Result } from './result.js'
import type { Row } from './rows.js'

/** Ratios of benchmarks with the same parts, side by side. */
export interface HeatMap {
  /** What the names of its benchmarks begin with. */
  readonly family: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly HeatRow[]
}

/** One system in one part. The first of a part has the name of the part, the others below it their own. */
interface HeatRow {
  readonly label: string
  /** One for each column, undefined where the system does not take part. */
  readonly cells: readonly (HeatCell | undefined)[]
}

interface HeatCell {
  /** How many times as good as the baseline. */
  readonly value: number
  readonly isMissed: boolean
}

/**
 * The maps of all families of benchmarks that have columns, each for the first figure of its benchmarks, the second,
 * and so on. Of several runs they show the last.
 */
export function heatMapsOf(results: readonly Result[]): HeatMap[] {
  const mapped = results.filter(({ bench }) => bench.column !== undefined)
  return [...new Set(mapped.map(({ bench }) => familyOf(bench)))].flatMap(family => {
    const members = mapped.filter(({ bench }) => familyOf(bench) === family)
    const figures = Math.min(...members.map(({ bench }) => bench.figures.length))
    return Array.from({ length: figures }, (_, at) => heatMapOf(family, members, at))
  })
}

/** It as a table in Markdown. */
export function formatHeatMap({ title, columns, rows }: HeatMap): string {
  return [
    `| ${title} | ${columns.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...rows.map(({ label, cells }) => `| ${label} | ${cells.map(formatCell).join(' | ')} |`),
  ].join('\n')
}

function heatMapOf(family: string, members: readonly Result[], at: number): HeatMap {
  const columns = members.map(result => {
    const figure = result.bench.figures[at] as Bench['figures'][number]
    return { figure, rows: rowsOfFigure(result.bench, figure, lastRun(result).rows) }
  })
  const { parts = [], contenders } = (members[0] as Result).bench
  const names = [...new Set(columns.map(({ figure }) => figure.name))].join(' or ')
  return {
    family,
    title: `${names}: ${contenders[0]?.system}, times as good as ${columns[0]?.rows[0]?.baseline}`,
    columns: members.map(({ bench }) => bench.column as string),
    rows: parts.flatMap(({ name }) => {
      const systems = contenders.filter(({ system }) =>
        columns.some(({ rows }) =>
          rows.some(row => row.part === name && row.system === system && row.baseline !== system),
        ),
      )
      return systems.map(({ system }, place) => ({
        label: place === 0 ? name : `… ${system}`,
        cells: columns.map(({ figure, rows }) => {
          const row = rows.find(one => one.part === name && one.system === system)
          return row && cellOf(row, figure.better)
        }),
      }))
    }),
  }
}

function cellOf({ ratio, targets }: Row, better: 'more' | 'less'): HeatCell {
  return { value: better === 'more' ? ratio : 1 / ratio, isMissed: targets.some(({ isMet }) => !isMet) }
}

function formatCell(cell: HeatCell | undefined): string {
  if (cell === undefined) return ''
  return cell.isMissed ? `**${formatNumber(cell.value)}**` : formatNumber(cell.value)
}

/** What the name of a benchmark begins with. */
function familyOf({ name }: Pick<Bench, 'name'>): string {
  return name.split('-', 1)[0] as string
}
