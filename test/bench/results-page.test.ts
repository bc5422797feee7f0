import { describe, expect, it } from 'vitest'
import type { Bench } from './bench.js'
import { formatDistance, formatResults, panelsOf, type Circumstances, type Result } from './results-page.js'

const start = (): never => {
  throw new Error('Nobody starts here')
}

const BENCH: Bench = {
  name: 'ask',
  title: 'Asking',
  figures: [{ name: 'p50', unit: 'µs', better: 'less', targets: [{ of: 'ratio', limit: 0.25 }] }],
  baselines: ['MessagePort'],
  contenders: [{ system: 'zera', isOurs: true, start }, { system: 'MessagePort', start }],
}

const ROW = { bench: 'ask', figure: undefined, unit: 'µs', baseline: 'MessagePort', targets: [] }

const RESULT: Result = {
  bench: BENCH,
  outcome: {
    rows: [
      { ...ROW, system: 'zera', median: 20, ratio: 0.3, targets: [{ of: 'ratio', limit: 0.25, isMet: false }] },
      { ...ROW, system: 'MessagePort', median: 60, ratio: 1 },
    ],
    absences: [['Erlang', 'erl is not installed']],
  },
}

const CIRCUMSTANCES: Circumstances = {
  machine: { processor: 'Some processor', cores: 2, memoryGib: 8, system: 'linux x64', versions: { node: '20.20.2' } },
  loads: [0.5, 1],
  command: 'npm run bench:report',
  at: new Date('2030-01-02T03:04:05Z'),
}

describe('formatResults()', () => {
  it('has the targets, the tables, who was left out, and where it was measured', () => {
    const page = formatResults([RESULT], CIRCUMSTANCES)

    for (const line of [
      '| ask | zera | ≤ 0.25 × MessagePort | 0.300 × | **missed** by 20 % |',
      '| less is better | µs | ratio to MessagePort |',
      '| **zera** | 20.0 | 0.300 |',
      '| MessagePort | 60.0 | 1.00 |',
      'Left out: Erlang, erl is not installed.',
      'Some processor, 2 cores, 8 GiB, linux x64  ',
    ]) {
      expect(page.split('\n')).toContain(line)
    }
    expect(page).not.toContain('rough')
  })

  it('says when the machine had other work', () => {
    expect(formatResults([RESULT], { ...CIRCUMSTANCES, loads: [1, 5] })).toContain('rough')
  })
})

it('panelsOf() marks ours, and puts the target into the unit of the bars', () => {
  expect(panelsOf([RESULT])).toEqual([
    {
      title: 'ask (µs, less is better)',
      bars: [
        { label: 'zera', value: 20, isOurs: true },
        { label: 'MessagePort', value: 60, isOurs: false },
      ],
      target: 15,
    },
  ])
})

it('formatDistance() is by how much a target was missed', () => {
  expect(formatDistance({ of: 'ratio', limit: 6, isMet: true }, { ratio: 7, median: 1 })).toBe('met')
  expect(formatDistance({ of: 'ratio', limit: 6, isMet: false }, { ratio: 3, median: 1 })).toBe('**missed** by 50 %')
  expect(formatDistance({ of: 'median', limit: 0.3, isMet: false }, { ratio: 3, median: 0.315 })).toBe('**missed** by 5.0 %')
})
