import type { ThreadReceipt } from '@zera/core'
import type { Leftovers } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { ThreadReceipts } from './thread-receipts.js'

const NOTHING: Leftovers = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }

function receipt(incarnation: number, left: Leftovers | undefined): ThreadReceipt {
  return {
    thread: 'test/1',
    incarnation,
    startedAtMs: 0,
    stoppedAtMs: 0,
    durationMs: 0,
    exitCode: 0,
    outcome: 'clean',
    reason: 'stopped',
    left,
  }
}

describe('ThreadReceipts', () => {
  test('keeps the last thousand, and the sum of all', () => {
    const receipts = new ThreadReceipts()

    for (let incarnation = 1; incarnation <= 2500; incarnation++)
      receipts.add(receipt(incarnation, incarnation % 2 === 0 ? { ...NOTHING, timers: 1 } : undefined))

    expect(receipts.last.map(({ incarnation }) => incarnation)).toEqual(
      Array.from({ length: 1000 }, (_, at) => at + 1501),
    )
    expect(receipts.count).toBe(2500)
    expect(receipts.left).toEqual({ ...NOTHING, timers: 1250 })
  })
})
