import { expect, test } from 'vitest'
import { methodOf, NO_SUMMARY, stateOf, threadOf } from '../fixtures/states.js'
import { renderTop } from './render-top.js'

const run = { ...NO_SUMMARY, p99: 5 }

const STATE = stateOf({
  threads: [
    threadOf({
      condition: 'blocked',
      blockedSinceMs: 8000,
      running: { actor: 16, title: 'till', method: 'pay', sinceMs: 8000 },
      utilization: 1,
      heapBytes: 2 ** 20,
      cores: 0.98,
      seconds: 3,
    }),
  ],
  methods: [
    methodOf('Shop', 'pay', { rate: 10, load: 0.5, run }),
    methodOf('Shop', 'look', { rate: 1000, load: 0.1, run }),
  ],
  counters: { ...stateOf().counters, handled: 5 },
  findings: [{ severity: 'problem', kind: 'blocked-thread', text: 'main has been blocked', remedy: 'move the work' }],
})

test('renderTop() shows what is wrong, then threads, then methods, sorted', () => {
  const byLoad = renderTop(STATE, 'l', 120, 40).split('\n')

  expect(byLoad[0]).toBe('shop (process 7)  1010 messages/s  5 handled  0 threw  0 restarts  0 dead letters  0 lost')
  expect(byLoad[1]).toBe('problem: main has been blocked')
  expect(byLoad[4]).toBe('main    blocked    100 %   0.98  1.00 MiB          0  pay() of till, 2.00 s')
  expect(byLoad.filter(line => line.startsWith('Shop')).map(line => line.split(' ')[0])).toEqual([
    'Shop.pay()',
    'Shop.look()',
  ])
  expect(renderTop(STATE, 'r', 120, 40)).toMatch(/Shop\.look\(\)[^]*Shop\.pay\(\)/)
})

test('renderTop() fits into its terminal', () => {
  for (const [columns, rows] of [
    [80, 24],
    [20, 5],
    [1, 1],
  ] as const) {
    const lines = renderTop(STATE, 'l', columns, rows).split('\n')
    expect(lines.length).toBeLessThanOrEqual(Math.max(2, rows))
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(columns)
  }
})
