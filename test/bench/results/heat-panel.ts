import { formatNumber } from './format-number.js'
import type { HeatMap } from './heat-map.js'
import { escapeXml, LINE_HEIGHT, PANEL_WIDTH, renderLabel, renderTitle, TITLE_HEIGHT } from './svg.js'

/** Ratios as colours: green is ahead, red behind, white level. */
export type HeatPanel = Pick<HeatMap, 'title' | 'columns' | 'rows'>

const LABEL_WIDTH = 220

/** Where a colour is at its strongest: four times as good, or a fourth. */
const STRONGEST = 4

type Rgb = readonly [red: number, green: number, blue: number]

const LEVEL: Rgb = [255, 255, 255]
const AHEAD: Rgb = [45, 160, 120]
const BEHIND: Rgb = [214, 69, 65]

/** In pixels. */
export function heightOfHeat({ rows }: HeatPanel): number {
  // A line more is for the headings of the columns.
  return TITLE_HEIGHT + (rows.length + 1) * LINE_HEIGHT
}

/** Draws it as SVG. What misses its target is bold. */
export function renderHeat({ title, columns, rows }: HeatPanel, left: number, top: number): string {
  const width = Math.floor((PANEL_WIDTH - LABEL_WIDTH) / columns.length)
  const middleOf = (column: number): number => left + LABEL_WIDTH + Math.round((column + 0.5) * width)
  const lines = [
    renderTitle(title, left, top),
    ...columns.map(
      (name, column) =>
        `<text x="${middleOf(column)}" y="${top + TITLE_HEIGHT + 11}" text-anchor="middle" fill="#222222">${escapeXml(name)}</text>`,
    ),
  ]
  for (const [at, { label, cells }] of rows.entries()) {
    const y = top + TITLE_HEIGHT + (at + 1) * LINE_HEIGHT
    lines.push(renderLabel(label, left + LABEL_WIDTH, y))
    for (const [column, cell] of cells.entries()) {
      if (cell === undefined) continue
      lines.push(
        `<rect x="${left + LABEL_WIDTH + column * width}" y="${y}" width="${width - 1}" height="${LINE_HEIGHT - 1}" fill="${colourOf(cell.value)}"/>`,
        `<text x="${middleOf(column)}" y="${y + 11}" text-anchor="middle" fill="#222222"${cell.isMissed ? ' font-weight="bold"' : ''}>${formatNumber(cell.value)}</text>`,
      )
    }
  }
  return lines.join('\n')
}

/** The colour of a ratio. Twice as good is as far from white as half as good. */
export function colourOf(ratio: number): string {
  const strength = Math.min(1, Math.abs(Math.log(ratio)) / Math.log(STRONGEST))
  const end = ratio >= 1 ? AHEAD : BEHIND
  const channels = LEVEL.map((level, at) => Math.round(level + ((end[at] as number) - level) * strength))
  return `#${channels.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}
