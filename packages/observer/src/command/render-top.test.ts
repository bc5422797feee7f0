import { NOTHING_TIMED } from '@zera/actors/internal'
import { expect, test } from 'vitest'
import type { MethodState, SystemState } from '../model/state.js'
import { renderTop } from './render-top.js'

const NO_SUMMARY = { count: 0, p50: 0, p90: 0, p99: 0, max: 0 }

function methodOf(method: string, rate: number, load: number): MethodState {
  const short = { handled: 1, failed: 0, rate, load, run: { ...NO_SUMMARY, p99: 5 }, wait: NO_SUMMARY, ask: NO_SUMMARY }
  const total = { handled: 1, failed: 0, run: NOTHING_TIMED, wait: NOTHING_TIMED, ask: NOTHING_TIMED }
  return { definition: 'Shop', method, short, long: short, total }
}

const STATE: SystemState = {
  atMs: 10_000,
  name: 'shop',
  pid: 7,
  node: '20.0.0',
  startedAtMs: 0,
  windows: { short: 10, long: 10 },
  threads: [
    {
      host: 0,
      name: 'main',
      incarnation: 1,
      condition: 'blocked',
      blockedSinceMs: 8000,
      running: { actor: 16, title: 'till', method: 'pay', sinceMs: 8000 },
      waiting: [],
      utilization: 1,
      heapBytes: 2 ** 20,
      cores: 0.98,
      seconds: 3,
      delay: NO_SUMMARY,
    },
  ],
  tree: [],
  methods: [methodOf('pay', 10, 0.5), methodOf('look', 1000, 0.1)],
  pools: [],
  counters: { handled: 5, failed: 0, restarts: 0, deadLetters: 0, messagesLost: 0, nodeFaults: 0 },
  findings: [{ severity: 'problem', kind: 'blocked-thread', text: 'main has been blocked', remedy: 'move the work' }],
  history: [],
}

test('renderTop() shows what is wrong, then threads, then methods, sorted', () => {
  const byLoad = renderTop(STATE, 'l', 120, 40).split('\n')

  expect(byLoad[0]).toBe('shop (process 7)  1010 messages/s  5 handled  0 threw  0 restarts  0 dead letters  0 lost')
  expect(byLoad[1]).toBe('problem: main has been blocked')
  expect(byLoad[4]).toBe('main    blocked    100 %   0.98  1.0 MiB          -  pay() of till, 2.0 s')
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
