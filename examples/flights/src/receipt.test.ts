import type { SystemReceipt } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import { renderReceipt } from './receipt.js'

type ThreadReceipt = SystemReceipt['threads'][number]

const nothing = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }

describe('renderReceipt()', () => {
  test('lists all threads with their actors in the order in which they ended, and what is left', () => {
    const receipt = receiptOf([killed('flights/2.1', 1), clean('flights/2.2', 2), clean('flights/1.1', 1)])

    expect(renderReceipt(receipt, 'flights').split('\n')).toEqual([
      'The receipt of the stop: all threads, in the order in which they ended',
      '',
      'thread       actor     started  stopped  lasted  exit code  outcome',
      'flights/2.1  worker-1   0.10 s   1.10 s  1.00 s          1  killed',
      'flights/2.2  worker-1   0.10 s   1.10 s  1.00 s          0  clean',
      'flights/1.1  sink       0.10 s   1.10 s  1.00 s          0  clean',
      '',
      'Left open: 0 sockets, 0 timers, 0 asks, 0 blocks, 0 messages, 0 handles',
      'Undelivered: 0 dead letters, 0 lost messages',
      'Clean: every thread closed what it had and ended by itself.',
      'This does not count flights/2.1, gone and replaced before the stop.',
    ])
  })

  test('has nothing to except when no thread went down', () => {
    expect(renderReceipt(receiptOf([clean('flights/1.1', 1)]), 'flights')).toMatch(
      /\nClean: every thread closed what it had and ended by itself\.$/,
    )
  })

  test('says loudly that a stop was not clean, and what is left', () => {
    const receipt: SystemReceipt = {
      ...receiptOf([clean('flights/1.1', 1)]),
      left: { ...nothing, asks: 3 },
      isClean: false,
    }

    const text = renderReceipt(receipt, 'flights')

    expect(text).toContain('3 asks')
    expect(text).toMatch(/\nNOT CLEAN: [^\n]+$/)
  })
})

function receiptOf(threads: readonly ThreadReceipt[]): SystemReceipt {
  return {
    startedAtMs: 1_000,
    stoppedAtMs: 3_000,
    durationMs: 2_000,
    threads,
    threadCount: threads.length,
    stopped: [],
    actors: [
      { id: 17, host: 2, name: 'worker-1', definition: 'Aggregator', outcome: 'drained' },
      { id: 16, host: 1, name: 'sink', definition: 'Sink', outcome: 'drained' },
    ],
    error: undefined,
    restarts: 1,
    deadLetters: 0,
    messagesLost: 0,
    left: nothing,
    phase: 'unhurried',
    isClean: true,
  }
}

function clean(thread: string, incarnation: number): ThreadReceipt {
  return {
    thread,
    incarnation,
    startedAtMs: 1_100,
    stoppedAtMs: 2_100,
    durationMs: 1_000,
    exitCode: 0,
    outcome: 'clean',
    reason: 'stopped',
    left: nothing,
  }
}

function killed(thread: string, incarnation: number): ThreadReceipt {
  return { ...clean(thread, incarnation), exitCode: 1, outcome: 'killed', reason: 'killed', left: undefined }
}
