import { bucketOf, histogramOf, NOTHING_TIMED, type Histogram } from '@zera/actors/internal'
import { describe, expect, test } from 'vitest'
import { methodOf, stateOf, threadOf } from '../fixtures/states.js'
import { metricsOf } from './metrics.js'

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

const COUNTERS = {
  ...stateOf().counters,
  messagesLost: 4,
  deadLettersOf: [{ definition: 'Counter', reason: 'actor-stopped', count: 3 }],
  restartsOf: [
    { definition: 'Counter', count: 1 },
    { definition: '', count: 2 },
  ],
} as const

describe('metricsOf()', () => {
  test('counts what was handled, and what threw', () => {
    const text = metricsOf(
      stateOf({ methods: [methodOf('Counter', 'add', {}, { handled: 5, failed: 1 })], counters: COUNTERS }),
    )

    expect(text).toContain('# TYPE zera_messages_handled_total counter\n')
    expect(text).toContain('zera_messages_handled_total{definition="Counter",method="add",outcome="returned"} 4\n')
    expect(text).toContain('zera_messages_handled_total{definition="Counter",method="add",outcome="threw"} 1\n')
    expect(text).toContain('zera_restarts_total{definition="Counter"} 1\nzera_restarts_total{definition=""} 2\n')
    expect(text).toContain('zera_dead_letters_total{reason="actor-stopped",definition="Counter"} 3\n')
    expect(text).toContain('zera_messages_lost_total 4\n')
  })

  test('gives buckets that grow, and end with all', () => {
    const text = metricsOf(
      stateOf({ methods: [methodOf('Counter', 'add', {}, { run: timed(0.001, 0.02, 5, 60_000) })] }),
    )
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
    const thread = threadOf({ host: 1, name: 'a "quoted" \\ name\n', utilization: 0.5, heapBytes: 1000, seconds: 7 })

    const text = metricsOf(stateOf({ threads: [thread] }))

    expect(text).toContain('zera_thread_cpu_seconds_total{thread="a \\"quoted\\" \\\\ name\\n"} 7\n')
    expect(text).toContain('zera_threads{state="well"} 1\n')
  })

  test('has pools by their names, and those without one by what they are made of', () => {
    const pool = {
      id: 1,
      title: 'p',
      name: '',
      definition: 'Till',
      workers: 2,
      min: 2,
      max: 4,
      running: 1,
      utilization: 0.5,
      waiting: 7,
    }

    const text = metricsOf(stateOf({ pools: [pool, { ...pool, id: 2 }, { ...pool, id: 3, name: 'tills' }] }))

    expect(text).toContain('zera_pool_workers{pool="Till"} 4\nzera_pool_workers{pool="tills"} 2\n')
    expect(text).toContain('zera_pool_waiting{pool="Till"} 14\n')
    expect(text).toContain('zera_pool_running{pool="tills"} 1\n')
  })

  test('says how much each thread has yet to handle, from whichever sender', () => {
    const links = [
      { from: 0, to: 1, messages: 5, oldestMs: 0, isStalled: false },
      { from: 2, to: 1, messages: 6, oldestMs: 0, isStalled: true },
      { from: 1, to: 0, messages: 1, oldestMs: 0, isStalled: false },
    ]

    const text = metricsOf(stateOf({ links, threads: [threadOf(), threadOf({ host: 1, name: 'shop/1' })] }))

    expect(text).toContain('zera_link_credits_used{thread="main"} 1\nzera_link_credits_used{thread="shop/1"} 11\n')
  })
})
