import { formatNumber } from './format-number.js'
import { LINE_HEIGHT, PANEL_WIDTH, renderLabel, renderTitle, TITLE_HEIGHT } from './svg.js'

/** Bars of one figure, with a scale of their own that begins at nothing. */
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

const LABEL_WIDTH = 220
const VALUE_WIDTH = 90
const BAR_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH

/** In pixels. */
export function heightOfBars({ bars }: BarPanel): number {
  return TITLE_HEIGHT + bars.length * LINE_HEIGHT
}

/** Draws it as SVG. */
export function renderBars({ title, bars, target }: BarPanel, left: number, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value), target ?? 0)
  const lengthOf = (value: number): number => (most > 0 ? Math.round((value / most) * BAR_WIDTH) : 0)
  const lines = [renderTitle(title, left, top)]
  for (const [at, { label, value, isOurs }] of bars.entries()) {
    const y = top + TITLE_HEIGHT + at * LINE_HEIGHT
    const length = lengthOf(value)
    lines.push(
      renderLabel(label, left + LABEL_WIDTH, y),
      `<rect x="${left + LABEL_WIDTH}" y="${y}" width="${Math.max(1, length)}" height="${LINE_HEIGHT - 3}" fill="${isOurs ? '#0f766e' : '#b6bcc4'}"/>`,
      `<text x="${left + LABEL_WIDTH + length + 5}" y="${y + 11}" fill="#222222">${formatNumber(value)}</text>`,
    )
  }
  if (target !== undefined) {
    const x = left + LABEL_WIDTH + lengthOf(target)
    lines.push(
      `<line x1="${x}" y1="${top + TITLE_HEIGHT - 4}" x2="${x}" y2="${top + heightOfBars({ title, bars, target })}" stroke="#b91c1c" stroke-dasharray="4 3"/>`,
    )
  }
  return lines.join('\n')
}
