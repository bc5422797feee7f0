import { describe, expect, it } from 'vitest'
import type { Bench } from '../bench.js'
import { formatHeatMap, heatMapsOf } from './heat-map.js'
import type { Result } from './result.js'
import type { Row } from './rows.js'

const start = (): never => {
  throw new Error('No contender starts here')
}

function resultOf(name: string, column: string | undefined, better: 'more' | 'less', ratios: Ratios): Result {
  const figures = [
    { name: better === 'more' ? 'rate' : 'p50', unit: 'µs', better },
    { name: 'processor', unit: 'µs', better: 'less' as const },
  ]
  const bench: Bench = {
    name,
    title: name,
    figures,
    ...(column !== undefined && { column }),
    parts: [{ name: 'text' }, { name: 'bytes' }],
    baselines: ['MessagePort'],
    contenders: ['zera', 'MessagePort', 'MessagePort, transfer'].map(system => ({ system, start })),
  }
  const rows = figures.flatMap((figure, at) =>
    ratios.map(([part, system, ...numbers]): Row => ({
      bench: name,
      part,
      figure: figure.name,
      system,
      unit: 'µs',
      median: 1,
      baseline: 'MessagePort',
      ratio: numbers[at] as number,
      targets: at === 0 && system === 'zera' && part === 'text' ? [{ of: 'ratio', limit: 1, isMet: false }] : [],
    })),
  )
  return { bench, runs: [{ rows, absences: [] }] }
}

type Ratios = readonly (readonly [part: string, system: string, first: number, processor: number])[]

const RESULTS = [
  resultOf('tell', undefined, 'more', [['text', 'zera', 9, 9]]),
  resultOf('payloads-trip', 'one at a time', 'less', [
    ['text', 'zera', 4, 2],
    ['text', 'MessagePort', 1, 1],
    ['bytes', 'zera', 0.5, 1],
    ['bytes', 'MessagePort', 1, 1],
  ]),
  resultOf('payloads-one-way', 'one way', 'more', [
    ['text', 'zera', 0.5, 8],
    ['text', 'MessagePort', 1, 1],
    ['bytes', 'zera', 3, 0.5],
    ['bytes', 'MessagePort', 1, 1],
    ['bytes', 'MessagePort, transfer', 2, 0.5],
  ]),
]

describe('heatMapsOf()', () => {
  const [speed, processor, ...others] = heatMapsOf(RESULTS)

  it('puts benchmarks that have columns side by side, a map for each of their figures', () => {
    expect(others).toEqual([])
    expect([speed?.family, speed?.title, speed?.columns]).toEqual([
      'payloads',
      'p50 or rate: zera, times as good as MessagePort',
      ['one at a time', 'one way'],
    ])
    expect(processor?.title).toBe('processor: zera, times as good as MessagePort')
  })

  it('turns ratios round where less is better, and leaves out who does not take part', () => {
    const values = (map: typeof speed) =>
      map?.rows.map(({ label, cells }) => [label, ...cells.map(cell => cell?.value)])

    expect(values(speed)).toEqual([
      ['text', 0.25, 0.5],
      ['bytes', 2, 3],
      ['… MessagePort, transfer', undefined, 2],
    ])
    expect(values(processor)).toEqual([
      ['text', 0.5, 0.125],
      ['bytes', 1, 2],
      ['… MessagePort, transfer', undefined, 2],
    ])
  })

  it('knows what misses its target', () => {
    expect(speed?.rows.map(({ cells }) => cells.map(cell => cell?.isMissed))).toEqual([
      [true, true],
      [false, false],
      [undefined, false],
    ])
  })
})

it('formatHeatMap() is a table whose bold numbers miss a target', () => {
  expect(formatHeatMap(heatMapsOf(RESULTS)[0] as ReturnType<typeof heatMapsOf>[number]).split('\n')).toEqual([
    '| p50 or rate: zera, times as good as MessagePort | one at a time | one way |',
    '| --- | ---: | ---: |',
    '| text | **0.250** | **0.500** |',
    '| bytes | 2.00 | 3.00 |',
    '| … MessagePort, transfer |  | 2.00 |',
  ])
})
