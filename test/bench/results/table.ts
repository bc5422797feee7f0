import type { Bench, Figure, Target } from '../bench.js'
import { formatNumber } from './format-number.js'
import type { Row } from './rows.js'

/** The rows of a benchmark as lines of text, a table for each figure. */
export function formatTables(
  { name, title, figures }: Pick<Bench, 'name' | 'title' | 'figures'>,
  rows: readonly Row[],
  absences: ReadonlyMap<string, string>,
): string {
  const lines = [`${name}: ${title}`]
  for (const figure of figures) {
    const own = rows.filter(row => row.figure === undefined || row.figure === figure.name)
    const width = Math.max(...own.map(row => labelOf(row).length))
    lines.push(
      `  ${figures.length > 1 ? `${figure.name}, ` : ''}${figure.unit}, ${figure.better} is better; ratio to ${own[0]?.baseline}`,
    )
    for (const row of own) {
      const { median, ratio, targets } = row
      lines.push(
        `    ${labelOf(row).padEnd(width)} ${formatNumber(median).padStart(12)} ${formatNumber(ratio).padStart(9)}  ${targets.map(target => `${formatBound(target, figure)} ${target.isMet ? 'met' : 'MISSED'}`).join(', ')}`.trimEnd(),
      )
    }
  }
  for (const [system, why] of absences) lines.push(`  left out: ${system}, ${why}`)
  return lines.join('\n')
}

/** A target as one reads it: `≥ 6 ×`. */
export function formatBound({ of, limit }: Target, { better, unit }: Pick<Figure, 'better' | 'unit'>): string {
  return `${better === 'more' ? '≥' : '≤'} ${of === 'ratio' ? `${limit} ×` : `${formatNumber(limit)} ${unit}`}`
}

function labelOf({ part, system }: Row): string {
  return part === undefined ? system : `${part}: ${system}`
}
