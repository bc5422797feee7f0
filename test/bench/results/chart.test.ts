import { describe, expect, it } from 'vitest'
import type { BarPanel } from './bar-panel.js'
import { renderChart } from './chart.js'
import { colourOf, type HeatPanel } from './heat-panel.js'

const PANEL: BarPanel = {
  title: 'tell <fast> & "safe"',
  bars: [
    { label: 'zera', value: 200, isOurs: true },
    { label: 'MessagePort', value: 50, isOurs: false },
  ],
  target: 100,
}

const HEAT: HeatPanel = {
  title: 'payloads & more',
  columns: ['one way', 'stream'],
  rows: [
    { label: 'text < 1 K', cells: [{ value: 0.25, isMissed: true }, undefined] },
    {
      label: 'bytes',
      cells: [
        { value: 8, isMissed: false },
        { value: 1, isMissed: false },
      ],
    },
  ],
}

function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect x="\d+" y="\d+" width="(\d+)"/g)].map(([, width]) => Number(width))
}

describe('renderChart()', () => {
  it('draws bars in proportion, and a line at the target', () => {
    const svg = renderChart([PANEL])

    const [long, short] = widths(svg) as [number, number]
    expect(short / long).toBeCloseTo(1 / 4, 1)
    const [, x] = /<line x1="(\d+)"/.exec(svg) as unknown as [string, string]
    const [, left] = /<rect x="(\d+)"/.exec(svg) as unknown as [string, string]
    expect((Number(x) - Number(left)) / long).toBeCloseTo(1 / 2, 1)
  })

  it('has room for a target that none reaches, and for no target', () => {
    expect(Math.max(...widths(renderChart([{ ...PANEL, target: 400 }])))).toBeLessThan(
      Math.max(...widths(renderChart([PANEL]))),
    )
    expect(renderChart([{ ...PANEL, target: undefined }])).not.toContain('<line')
  })

  it('writes texts as texts', () => {
    expect(renderChart([PANEL])).toContain('tell &lt;fast&gt; &amp; &quot;safe&quot;')
  })

  it('stays in its frame with many panels', () => {
    const svg = renderChart([...Array.from({ length: 9 }, () => PANEL), HEAT, HEAT, HEAT])

    const [, height] = /height="(\d+)"/.exec(svg) as unknown as [string, string]
    for (const [, y] of svg.matchAll(/ y="(\d+)"/g)) expect(Number(y)).toBeLessThan(Number(height))
  })
})

describe('renderChart() of a map', () => {
  it('colours each ratio that there is, and makes bold what misses its target', () => {
    const svg = renderChart([HEAT])

    const fills = [...svg.matchAll(/<rect x="\d+" y="\d+" [^>]*fill="(#[0-9a-f]{6})"/g)].map(([, fill]) => fill)
    expect(fills).toEqual([colourOf(0.25), colourOf(8), colourOf(1)])
    expect(svg).toContain('font-weight="bold">0.250</text>')
    expect(svg).toContain('fill="#222222">8.00</text>')
    expect(svg).toContain('text &lt; 1 K')
  })

  it('puts each ratio below the heading of its column', () => {
    const xOf = (text: string): string =>
      new RegExp(`<text x="(\\d+)"[^>]*>${text}<`).exec(renderChart([HEAT]))?.[1] ?? ''

    expect(xOf('0.250')).toBe(xOf('one way'))
    expect(xOf('1.00')).toBe(xOf('stream'))
    expect(Number(xOf('stream'))).toBeGreaterThan(Number(xOf('one way')))
  })
})

describe('colourOf()', () => {
  it('is white where both are level, and as far from it for twice as for half', () => {
    const distance = (ratio: number): number => 1 - Math.min(...channels(colourOf(ratio))) / 255
    const channels = (colour: string): number[] => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))

    expect(colourOf(1)).toBe('#ffffff')
    expect(distance(2) / distance(4)).toBeCloseTo(1 / 2, 1)
    expect(distance(1 / 2) / distance(1 / 4)).toBeCloseTo(1 / 2, 1)
    expect([colourOf(100), colourOf(0), colourOf(2) === colourOf(0.5)]).toEqual([colourOf(4), colourOf(0.25), false])
  })
})
