import { describe, expect, it } from 'vitest'
import type { Bench, Figures } from '../bench.js'
import { chooseBaseline, isMet, rowsOf } from './rows.js'

const start = (): never => {
  throw new Error('No contender starts here')
}

const BENCH: Bench = {
  name: 'tell',
  title: 'Telling',
  figures: [
    {
      name: 'rate',
      unit: 'msg/s',
      better: 'more',
      targets: [
        { of: 'ratio', limit: 3 },
        { of: 'median', limit: 100 },
      ],
    },
  ],
  baselines: ['slow', 'fast'],
  contenders: [
    { system: 'zera', isOurs: true, start },
    { system: 'slow', start },
    { system: 'fast', start },
  ],
}

function rates(...numbers: number[]): Figures[] {
  return numbers.map(rate => ({ rate }))
}

const ROUNDS = new Map([
  [
    undefined,
    new Map([
      ['zera', rates(40, 90, 60)],
      ['slow', rates(1, 1, 1)],
      ['fast', rates(10, 30, 15)],
    ]),
  ],
])

describe('rowsOf()', () => {
  it('compares round by round with the best baseline, and judges ours alone', () => {
    const [ours, ...peers] = rowsOf({ bench: BENCH, rounds: ROUNDS, absences: new Map() })

    expect(ours).toEqual({
      bench: 'tell',
      part: undefined,
      figure: undefined,
      system: 'zera',
      unit: 'msg/s',
      median: 60,
      baseline: 'fast',
      ratio: 4,
      targets: [
        { of: 'ratio', limit: 3, isMet: true },
        { of: 'median', limit: 100, isMet: false },
      ],
    })
    expect(peers.map(({ system, ratio, targets }) => [system, ratio, targets])).toEqual([
      ['slow', 1 / 15, []],
      ['fast', 1, []],
    ])
  })

  it('names the figure where there are several', () => {
    const figures = [
      { name: 'p50', unit: 'µs', better: 'less' as const },
      { name: 'p99', unit: 'µs', better: 'less' as const },
    ]
    const rounds = new Map([[undefined, new Map(['zera', 'slow'].map(system => [system, [{ p50: 1, p99: 2 }]]))]])

    const rows = rowsOf({ bench: { ...BENCH, figures }, rounds, absences: new Map() })

    expect(rows.map(({ figure, system, median }) => [figure, system, median])).toEqual([
      ['p50', 'zera', 1],
      ['p50', 'slow', 1],
      ['p99', 'zera', 2],
      ['p99', 'slow', 2],
    ])
  })
})

describe('rowsOf() of a benchmark with parts', () => {
  const systems = ['zera', 'zera, lent', 'slow']
  const bench: Bench = {
    ...BENCH,
    baselines: ['slow'],
    parts: [
      {
        name: 'bytes',
        targets: {
          rate: [
            { system: 'zera', of: 'ratio', limit: 1 },
            { system: 'zera, lent', of: 'ratio', limit: 3 },
          ],
        },
      },
      { name: 'text', targets: { rate: [] } },
      { name: 'number' },
    ],
    contenders: systems.map(system => ({ system, start, ...(system !== 'slow' && { isOurs: true }) })),
  }
  const rounds = new Map([
    ['bytes', new Map(systems.map(system => [system, rates(10)]))],
    ['text', new Map(systems.filter(system => system !== 'zera, lent').map(system => [system, rates(20)]))],
    ['number', new Map(systems.map(system => [system, rates(30)]))],
  ])
  const rows = rowsOf({ bench, rounds, absences: new Map() })

  it('has the parts in their order, without the systems that are not in them', () => {
    expect(rows.map(({ part, system, median }) => [part, system, median])).toEqual([
      ['bytes', 'zera', 10],
      ['bytes', 'zera, lent', 10],
      ['bytes', 'slow', 10],
      ['text', 'zera', 20],
      ['text', 'slow', 20],
      ['number', 'zera', 30],
      ['number', 'zera, lent', 30],
      ['number', 'slow', 30],
    ])
  })

  it('judges each system by the targets of the part that are for it, and by those of the figure where it has none', () => {
    expect(rows.filter(({ targets }) => targets.length > 0).map(row => [row.part, row.system, row.targets])).toEqual([
      ['bytes', 'zera', [{ of: 'ratio', limit: 1, isMet: true }]],
      ['bytes', 'zera, lent', [{ of: 'ratio', limit: 3, isMet: false }]],
      [
        'number',
        'zera',
        [
          { of: 'ratio', limit: 3, isMet: false },
          { of: 'median', limit: 100, isMet: false },
        ],
      ],
      [
        'number',
        'zera, lent',
        [
          { of: 'ratio', limit: 3, isMet: false },
          { of: 'median', limit: 100, isMet: false },
        ],
      ],
    ])
  })
})

describe('chooseBaseline()', () => {
  const numbers = new Map([
    ['slow', [9, 1, 2]],
    ['fast', [3, 4, 5]],
  ])

  it('takes the best median of those that ran', () => {
    expect(chooseBaseline(BENCH, { better: 'more' }, numbers)).toBe('fast')
    expect(chooseBaseline(BENCH, { better: 'less' }, numbers)).toBe('slow')
    expect(chooseBaseline({ name: 'tell', baselines: ['absent', 'slow'] }, { better: 'more' }, numbers)).toBe('slow')
  })

  it('refuses when none ran', () => {
    expect(() => chooseBaseline({ name: 'tell', baselines: ['absent'] }, { better: 'more' }, numbers)).toThrow(
      RangeError,
    )
  })
})

it('isMet() knows which way is better', () => {
  expect([isMet('more', 3, 3), isMet('more', 2.9, 3), isMet('less', 3, 3), isMet('less', 3.1, 3)]).toEqual([
    true,
    false,
    true,
    false,
  ])
})
