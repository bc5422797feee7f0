import { bucketOf, histogramOf, NOTHING_TIMED, type Histogram } from '@zera/actors/internal'
import { describe, expect, test } from 'vitest'
import type { MethodState, SystemState, ThreadState } from '../model/state.js'
import { metricsOf } from './metrics.js'

const NO_SUMMARY = { count: 0, p50: 0, p90: 0, p99: 0, max: 0 }
const NO_WINDOW = { handled: 0, failed: 0, rate: 0, load: 0, run: NO_SUMMARY, wait: NO_SUMMARY, ask: NO_SUMMARY }

function timed(...durations: readonly number[]): Histogram {
  const buckets = [...NOTHING_TIMED.buckets]
  for (const ms of durations) buckets[bucketOf(ms)]! += 1
  return histogramOf({
    count: durations.length,
    sumMs: durations.reduce((a, b) => a + b, 0),
    maxMs: Math.max(...durations),
    buckets,
  })
}

function stateOf(parts: Partial<SystemState>): SystemState {
  return {
    atMs: 0,
    name: 'shop',
    pid: 1,
    node: '20.0.0',
    startedAtMs: 0,
    windows: { short: 10, long: 300 },
    threads: [],
    tree: [],
    methods: [],
    pools: [],
    counters: { handled: 0, failed: 0, restarts: 2, deadLetters: 3, messagesLost: 4, nodeFaults: 0 },
    findings: [],
    history: [],
    ...parts,
  }
}

function methodOf(method: string, run: Histogram): MethodState {
  return {
    definition: 'Counter',
    method,
    short: NO_WINDOW,
    long: NO_WINDOW,
    total: { handled: 5, failed: 1, run, wait: NOTHING_TIMED, ask: NOTHING_TIMED },
  }
}

describe('metricsOf()', () => {
  test('counts what was handled, and what threw', () => {
    const text = metricsOf(stateOf({ methods: [methodOf('add', NOTHING_TIMED)] }))

    expect(text).toContain('# TYPE zera_messages_handled_total counter\n')
    expect(text).toContain('zera_messages_handled_total{definition="Counter",method="add",outcome="returned"} 4\n')
    expect(text).toContain('zera_messages_handled_total{definition="Counter",method="add",outcome="threw"} 1\n')
    expect(text).toContain('zera_restarts_total 2\nzera_dead_letters_total'.split('\n')[0] as string)
    expect(text).toContain('zera_messages_lost_total 4\n')
  })

  test('gives buckets that grow, and end with all', () => {
    const text = metricsOf(stateOf({ methods: [methodOf('add', timed(0.001, 0.02, 5, 60_000))] }))
    const lines = [...text.matchAll(/zera_handler_duration_seconds_bucket\{.*le="([^"]+)"\} (\d+)/g)]

    expect(lines.map(([, bound, count]) => [bound, Number(count)])).toMatchObject([
      ['0.000008192', 1],
      ['0.000032768', 2],
      ['0.000131072', 2],
      ['0.000524288', 2],
      ['0.002097152', 2],
      ['0.008388608', 3],
      ['0.033554432', 3],
      ['0.134217728', 3],
      ['0.536870912', 3],
      ['2.147483648', 3],
      ['8.589934592', 3],
      ['+Inf', 4],
    ])
    expect(text).toContain('zera_handler_duration_seconds_count{definition="Counter",method="add"} 4\n')
    expect(text).toMatch(/zera_handler_duration_seconds_sum\{[^}]*\} 60\.005/)
  })

  test('has a line for each thread, and escapes names', () => {
    const thread: ThreadState = {
      host: 1,
      name: 'a "quoted" \\ name\n',
      incarnation: 1,
      condition: 'well',
      blockedSinceMs: undefined,
      running: undefined,
      waiting: [],
      utilization: 0.5,
      heapBytes: 1000,
      cores: 0.1,
      seconds: 7,
      delay: NO_SUMMARY,
    }

    const text = metricsOf(stateOf({ threads: [thread] }))

    expect(text).toContain('zera_thread_cpu_seconds_total{thread="a \\"quoted\\" \\\\ name\\n"} 7\n')
    expect(text).toContain('zera_threads{state="well"} 1\n')
  })
})
