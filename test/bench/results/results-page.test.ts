import { describe, expect, it } from 'vitest'
import type { Bench } from '../bench.js'
import type { Outcome } from '../runs/bench-process.js'
import type { Result } from './result.js'
import { formatResults, panelsOf, type Circumstances } from './results-page.js'

const start = (): never => {
  throw new Error('No contender starts here')
}

const BENCH: Bench = {
  name: 'ask',
  title: 'Asking',
  figures: [{ name: 'p50', unit: 'µs', better: 'less', targets: [{ of: 'ratio', limit: 0.25 }] }],
  baselines: ['MessagePort'],
  contenders: [
    { system: 'zera', isOurs: true, start },
    { system: 'MessagePort', start },
  ],
}

const ROW = { bench: 'ask', part: undefined, figure: undefined, unit: 'µs', baseline: 'MessagePort', targets: [] }

const outcome = (ratio: number): Outcome => ({
  rows: [
    {
      ...ROW,
      system: 'zera',
      median: 60 * ratio,
      ratio,
      targets: [{ of: 'ratio', limit: 0.25, isMet: ratio <= 0.25 }],
    },
    { ...ROW, system: 'MessagePort', median: 60, ratio: 1 },
  ],
  absences: [['Erlang', 'erl is not installed']],
})

const RESULT: Result = {
  bench: BENCH,
  runs: [outcome(0.3)],
}

const CIRCUMSTANCES: Circumstances = {
  machine: { processor: 'Some processor', cores: 2, memoryGib: 8, system: 'linux x64', versions: { node: '20.20.2' } },
  loads: [0.5, 1],
  command: 'npm run bench:report',
  at: new Date('2030-01-02T03:04:05Z'),
}

describe('formatResults()', () => {
  it('has the targets, the tables, which were left out, and where it was measured', () => {
    const page = formatResults([RESULT], CIRCUMSTANCES)

    for (const line of [
      '| ask | zera | ≤ 0.25 × MessagePort | 0.300 × | **missed** by 20 % |',
      '| less is better | µs | ratio to MessagePort |',
      '| **zera** | 18.0 | 0.300 |',
      '| MessagePort | 60.0 | 1.00 |',
      'Left out: Erlang, erl is not installed.',
      'Some processor, 2 cores, 8 GiB, linux x64  ',
    ]) {
      expect(page.split('\n')).toContain(line)
    }
    expect(page).not.toContain('rough')
  })

  it('has the targets of all runs and the tables of the last, and says how often all ran', () => {
    const page = formatResults([{ bench: BENCH, runs: [outcome(0.4), outcome(0.5), outcome(0.3)] }], CIRCUMSTANCES)

    expect(page).toContain('| 0.400 · 0.500 · 0.300 × | **missed** by 60 % |')
    expect(page).toContain('All ran 3 times')
    expect(page).toContain('| **zera** | 18.0 | 0.300 |')
  })

  it('has what was found where a target is missed, and only there', () => {
    const bench = { ...BENCH, findings: 'The way is long.' }

    expect(formatResults([{ bench, runs: [outcome(0.3)] }], CIRCUMSTANCES)).toContain('The way is long.')
    expect(formatResults([{ bench, runs: [outcome(0.2)] }], CIRCUMSTANCES)).not.toContain('The way is long.')
  })

  it('has a map of benchmarks with many parts, and their medians as grids', () => {
    const bench: Bench = {
      ...BENCH,
      name: 'payloads-trip',
      column: 'one at a time',
      parts: [{ name: 'text' }, { name: 'bytes' }],
    }
    const rows = outcome(0.5).rows.flatMap(row => [
      { ...row, part: 'text' },
      ...(row.system === 'zera' ? [] : [{ ...row, part: 'bytes' }]),
    ])
    const results: Result[] = [{ bench, runs: [{ rows, absences: [] }] }]

    const page = formatResults(results, CIRCUMSTANCES).split('\n')

    for (const line of [
      '## payloads',
      '| p50: zera, times as good as MessagePort | one at a time |',
      '| text | **2.00** |',
      '## payloads-trip',
      '| µs, less is better | zera | MessagePort |',
      '| text | 30.0 | 60.0 |',
      '| bytes |  | 60.0 |',
    ])
      expect(page).toContain(line)
    expect(panelsOf(results)).toMatchObject([{ columns: ['one at a time'] }])
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
        { label: 'zera', value: 18, isOurs: true },
        { label: 'MessagePort', value: 60, isOurs: false },
      ],
      target: 15,
    },
  ])
})
