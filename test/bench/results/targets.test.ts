import { expect, it } from 'vitest'
import type { Bench } from '../bench.js'
import type { Row } from './rows.js'
import { formatDistance, formatTargets } from './targets.js'

it('formatDistance() is by how much a target was missed, in the middle of all runs, or in how many it was met', () => {
  const [six, third] = [{ of: 'ratio', limit: 6 } as const, { of: 'median', limit: 0.3 } as const]
  const runs = (...ratios: number[]) => ratios.map(ratio => ({ ratio, median: 0.315 }))

  expect(formatDistance(six, 'more', runs(7))).toBe('met')
  expect(formatDistance(six, 'more', runs(3))).toBe('**missed** by 50 %')
  expect(formatDistance(six, 'more', runs(1, 3, 5))).toBe('**missed** by 50 %')
  expect(formatDistance(six, 'more', runs(7, 5, 7))).toBe('met in 2 of 3 runs')
  expect(formatDistance(third, 'less', runs(3))).toBe('**missed** by 5.0 %')
})

it('formatTargets() has a line for all parts with the same target, with the worst of them', () => {
  const rate = { name: 'rate', unit: 'msg/s', better: 'more' } as const
  const parts = ['text', 'bytes', 'number'].map(name => ({ name }))
  const bench: Bench = { name: 'payloads', title: '', figures: [rate], parts, baselines: [], contenders: [] }
  const row = (part: string, ratio: number, limit: number): Row => ({
    bench: 'payloads',
    part,
    figure: undefined,
    system: 'zera',
    unit: 'msg/s',
    median: 1,
    baseline: 'MessagePort',
    ratio,
    targets: [{ of: 'ratio', limit, isMet: ratio >= limit }],
  })
  const run = (...ratios: [number, number, number]) => ({
    rows: [row('text', ratios[0], 2), row('bytes', ratios[1], 1), row('number', ratios[2], 1)],
    absences: [],
  })
  const linesOf = (...runs: [ReturnType<typeof run>, ...ReturnType<typeof run>[]]) =>
    formatTargets([{ bench, runs }]).split('\n').slice(2)

  expect(linesOf(run(1, 3, 0.5))).toEqual([
    '| payloads, 1 kind | zera | ≥ 2 × MessagePort | 1.00 × | **missed** in 1, most in text: by 50 % |',
    '| payloads, 2 kinds | zera | ≥ 1 × MessagePort | 0.500 to 3.00 × | **missed** in 1, most in number: by 50 % |',
  ])
  expect(linesOf(run(2, 3, 0.5), run(2, 4, 2), run(2, 5, 3))).toEqual([
    '| payloads, 1 kind | zera | ≥ 2 × MessagePort | 2.00 × | met |',
    '| payloads, 2 kinds | zera | ≥ 1 × MessagePort | 2.00 to 4.00 × | **missed** in 1, most in number: met in 2 of 3 runs |',
  ])
})
