import { formatNumber } from './format-number.js'

/** Bars of one figure. */
export interface BarPanel {
  readonly title: string
  readonly bars: readonly Bar[]
  /** Where a dashed line stands, in the unit of the bars. */
  readonly target: number | undefined
}

/** One system's bar. */
interface Bar {
  readonly label: string
  readonly value: number
  readonly isOurs: boolean
}

// All in pixels.
const COLUMNS = 2
const PANEL_WIDTH = 560
const LABEL_WIDTH = 220
const VALUE_WIDTH = 90
const BAR_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH
const BAR_HEIGHT = 16
const TITLE_HEIGHT = 30
const GAP = 18
const MARGIN = 16

/** Draws panels in two columns, each with a scale of its own that begins at nothing, as SVG. */
export function renderBarChart(panels: readonly BarPanel[]): string {
  const bottoms = Array.from({ length: COLUMNS }, () => MARGIN)
  const drawn = panels.map(panel => {
    // The next panel goes where there is most room.
    const column = bottoms.indexOf(Math.min(...bottoms))
    const top = bottoms[column] as number
    bottoms[column] = top + heightOf(panel) + GAP
    return renderPanel(panel, MARGIN + column * (PANEL_WIDTH + MARGIN), top)
  })
  const width = COLUMNS * (PANEL_WIDTH + MARGIN) + MARGIN
  const height = Math.max(...bottoms)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function heightOf({ bars }: BarPanel): number {
  return TITLE_HEIGHT + bars.length * BAR_HEIGHT
}

function renderPanel({ title, bars, target }: BarPanel, left: number, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value), target ?? 0)
  const lengthOf = (value: number): number => (most > 0 ? Math.round((value / most) * BAR_WIDTH) : 0)
  const lines = [`<text x="${left}" y="${top + 16}" font-weight="bold" fill="#222222">${escapeXml(title)}</text>`]
  for (const [at, { label, value, isOurs }] of bars.entries()) {
    const y = top + TITLE_HEIGHT + at * BAR_HEIGHT
    const length = lengthOf(value)
    lines.push(
      `<text x="${left + LABEL_WIDTH - 6}" y="${y + 11}" text-anchor="end" fill="#222222">${escapeXml(label)}</text>`,
      `<rect x="${left + LABEL_WIDTH}" y="${y}" width="${Math.max(1, length)}" height="${BAR_HEIGHT - 3}" fill="${isOurs ? '#0f766e' : '#b6bcc4'}"/>`,
      `<text x="${left + LABEL_WIDTH + length + 5}" y="${y + 11}" fill="#222222">${formatNumber(value)}</text>`,
    )
  }
  if (target !== undefined) {
    const x = left + LABEL_WIDTH + lengthOf(target)
    lines.push(
      `<line x1="${x}" y1="${top + TITLE_HEIGHT - 4}" x2="${x}" y2="${top + heightOf({ title, bars, target })}" stroke="#b91c1c" stroke-dasharray="4 3"/>`,
    )
  }
  return lines.join('\n')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
