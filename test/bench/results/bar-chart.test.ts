import { describe, expect, it } from 'vitest'
import { renderBarChart, type BarPanel } from './bar-chart.js'

const PANEL: BarPanel = {
  title: 'tell <fast> & "safe"',
  bars: [
    { label: 'zera', value: 200, isOurs: true },
    { label: 'MessagePort', value: 50, isOurs: false },
  ],
  target: 100,
}

function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect x="\d+" y="\d+" width="(\d+)"/g)].map(([, width]) => Number(width))
}

describe('renderBarChart()', () => {
  it('draws bars in proportion, and a line at the target', () => {
    const svg = renderBarChart([PANEL])

    const [long, short] = widths(svg) as [number, number]
    expect(short / long).toBeCloseTo(1 / 4, 1)
    const [, x] = /<line x1="(\d+)"/.exec(svg) as unknown as [string, string]
    const [, left] = /<rect x="(\d+)"/.exec(svg) as unknown as [string, string]
    expect((Number(x) - Number(left)) / long).toBeCloseTo(1 / 2, 1)
  })

  it('has room for a target that none reaches, and for no target', () => {
    expect(Math.max(...widths(renderBarChart([{ ...PANEL, target: 400 }])))).toBeLessThan(
      Math.max(...widths(renderBarChart([PANEL]))),
    )
    expect(renderBarChart([{ ...PANEL, target: undefined }])).not.toContain('<line')
  })

  it('writes texts as texts', () => {
    expect(renderBarChart([PANEL])).toContain('tell &lt;fast&gt; &amp; &quot;safe&quot;')
  })

  it('stays in its frame with many panels', () => {
    const svg = renderBarChart(Array.from({ length: 9 }, () => PANEL))

    const [, height] = /height="(\d+)"/.exec(svg) as unknown as [string, string]
    for (const [, y] of svg.matchAll(/ y="(\d+)"/g)) expect(Number(y)).toBeLessThan(Number(height))
  })
})
