import { expect, it } from 'vitest'
import { formatTables } from './table.js'

it('formatTables() has a line for each system in each part', () => {
  const figures = [{ name: 'rate', unit: 'msg/s', better: 'more' }] as const
  const row = { bench: 'payloads', figure: undefined, unit: 'msg/s', baseline: 'MessagePort', median: 5, targets: [] }
  const rows = [
    { ...row, part: 'text', system: 'zera', ratio: 0.5 },
    { ...row, part: 'text', system: 'MessagePort', ratio: 1 },
    { ...row, part: 'number', system: 'zera', ratio: 2 },
  ]

  expect(formatTables({ name: 'payloads', title: 'Payloads', figures }, rows, new Map()).split('\n')).toEqual([
    'payloads: Payloads',
    '  msg/s, more is better; ratio to MessagePort',
    '    text: zera                5.00     0.500',
    '    text: MessagePort         5.00      1.00',
    '    number: zera              5.00      2.00',
  ])
})

it('formatTables() puts a table for each figure, and says which were left out', () => {
  const bench = {
    name: 'ask',
    title: 'Asking',
    figures: [
      { name: 'p50', unit: 'µs', better: 'less', targets: [{ of: 'ratio', limit: 0.25 }] },
      { name: 'p99', unit: 'µs', better: 'less' },
    ],
  } as const
  const row = { bench: 'ask', part: undefined, unit: 'µs', baseline: 'MessagePort', targets: [] }

  const text = formatTables(
    bench,
    [
      {
        ...row,
        figure: 'p50',
        system: 'zera',
        median: 12.345,
        ratio: 0.3,
        targets: [{ of: 'ratio', limit: 0.25, isMet: false }],
      },
      { ...row, figure: 'p50', system: 'MessagePort', median: 1234.5, ratio: 1 },
      { ...row, figure: 'p99', system: 'zera', median: 0.01234, ratio: 12 },
    ],
    new Map([['Erlang', 'erl is not installed']]),
  )

  expect(text.split('\n')).toEqual([
    'ask: Asking',
    '  p50, µs, less is better; ratio to MessagePort',
    '    zera                12.3     0.300  ≤ 0.25 × MISSED',
    '    MessagePort        1,235      1.00',
    '  p99, µs, less is better; ratio to MessagePort',
    '    zera       0.0123      12.0',
    '  left out: Erlang, erl is not installed',
  ])
})
