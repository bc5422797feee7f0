import { heightOfBars, renderBars, type BarPanel } from './bar-panel.js'
import { heightOfHeat, renderHeat, type HeatPanel } from './heat-panel.js'
import { MARGIN, PANEL_WIDTH } from './svg.js'

/** A part of the chart: bars of one figure, or ratios of many. */
export type Panel = BarPanel | HeatPanel

const COLUMNS = 2
const GAP = 18

/** Draws panels in two columns as SVG. */
export function renderChart(panels: readonly Panel[]): string {
  const bottoms = Array.from({ length: COLUMNS }, () => MARGIN)
  const drawn = panels.map(panel => {
    // The next panel goes where there is most room.
    const column = bottoms.indexOf(Math.min(...bottoms))
    const top = bottoms[column] as number
    const left = MARGIN + column * (PANEL_WIDTH + MARGIN)
    bottoms[column] = top + ('bars' in panel ? heightOfBars(panel) : heightOfHeat(panel)) + GAP
    return 'bars' in panel ? renderBars(panel, left, top) : renderHeat(panel, left, top)
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
