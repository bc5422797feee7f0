import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { amount } from '../model/format.js'
import type { SystemState } from '../model/state.js'

/** States that are remembered, one each second. */
const MOST = 300
const HEIGHT = 140

/** Messages a second, as far back as the page has been open, five minutes at most. */
export interface Rates {
  readonly atSeconds: readonly number[]
  readonly handled: readonly number[]
}

/** Remembers how many messages were handled from one look to the next. */
export function useRates(state: SystemState | undefined): Rates {
  const last = useRef<{ readonly atMs: number; readonly handled: number }>(undefined)
  const rates = useRef<Rates>({ atSeconds: [], handled: [] })
  if (state !== undefined && state.atMs !== last.current?.atMs) {
    const { atMs, counters } = state
    if (last.current !== undefined) {
      const rate = ((counters.handled - last.current.handled) * 1000) / (atMs - last.current.atMs)
      const { atSeconds, handled } = rates.current
      rates.current = {
        atSeconds: [...atSeconds, atMs / 1000].slice(-MOST),
        handled: [...handled, Math.max(0, rate)].slice(-MOST),
      }
    }
    last.current = { atMs, handled: counters.handled }
  }
  return rates.current
}

/** Draws them. */
export function RateChart({ rates }: { rates: Rates }) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(undefined)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const drawn = new uPlot(optionsFor(element), dataOf(rates), element)
    chart.current = drawn
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      drawn.destroy()
    }
  }, [])
  useEffect(() => chart.current?.setData(dataOf(rates)), [rates])
  const now = rates.handled.at(-1) ?? 0
  return (
    <section>
      <h2>Messages a second</h2>
      <div ref={box} role="img" aria-label={`Messages a second, now ${amount(Math.round(now))}`} />
    </section>
  )
}

function dataOf({ atSeconds, handled }: Rates): uPlot.AlignedData {
  return [[...atSeconds], [...handled]]
}

function optionsFor(element: HTMLElement): uPlot.Options {
  // A canvas knows no variables.
  const colour = (name: string): string => {
    const probe = element.appendChild(document.createElement('i'))
    probe.style.color = `var(--${name})`
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  const axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line') },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [axis, { ...axis, values: (_chart, splits) => splits.map(amount), size: 60 }],
    series: [{}, { stroke: colour('accent'), width: 2, points: { show: false } }],
  }
}
