import { describe, expect, test } from 'vitest'
import { ROWS } from './batches/row-batch.js'
import { Inbox } from './inbox.js'
import { Ledger, LEDGER_BYTES } from './ledger.js'
import type { LinkReceiver } from './link-receiver.js'

const FRAME = [7, 'first', ROWS, ['heading', [0, 2, 9, 1], ['a', 1, 'b', 2, 'c', 3]], 8, 'last']

/** A receiver that writes down what it is given. */
function recorder(): LinkReceiver & { readonly taken: unknown[] } {
  const taken: unknown[] = []
  return {
    taken,
    message: (body, slot) => void taken.push([slot, body]),
    rows: heading => (cells, at, slot) => void taken.push([slot, heading, cells[at], cells[at + 1]]),
    signal: () => undefined,
  }
}

const noBlocks = (): never => expect.fail('There are no blocks')

describe('Inbox.pass()', () => {
  test('passes on messages and rows in order, each row with its slot', () => {
    const receiver = recorder()

    new Inbox(noBlocks).pass(FRAME, receiver)

    expect(receiver.taken).toEqual([
      [7, 'first'],
      [0, 'heading', 'a', 1],
      [1, 'heading', 'b', 2],
      [9, 'heading', 'c', 3],
      [8, 'last'],
    ])
  })

  test('counts each row as a message, before the first is passed on', () => {
    const inbox = new Inbox(noBlocks)
    const memory = new SharedArrayBuffer(LEDGER_BYTES)
    inbox.open(new Ledger(memory, 0))
    new Ledger(memory, 0).accept(6)
    const counted: number[] = []

    inbox.pass(FRAME, { ...recorder(), message: () => counted.push(inbox.received) })

    expect([counted, inbox.received, inbox.missing]).toEqual([[5, 5], 5, 1])
  })

  test('says when half of what came was handled since the peer was rung', () => {
    const inbox = new Inbox(noBlocks)
    inbox.open(new Ledger(new SharedArrayBuffer(LEDGER_BYTES), 0))
    inbox.pass(FRAME, recorder())
    const finish = (slot: number): boolean => {
      inbox.finish(slot)
      return inbox.isHalfHandled
    }

    const before = [7, 0, 1].map(finish)
    inbox.rung()
    const after = [inbox.isHalfHandled, finish(9), finish(8)]

    expect([before, after]).toEqual([
      [false, false, true],
      [false, true, true],
    ])
  })

  test('passes on rows that have no values', () => {
    const receiver = recorder()

    new Inbox(noBlocks).pass([ROWS, ['heading', [5, 3], []]], receiver)

    expect(receiver.taken.map(taken => (taken as unknown[])[0])).toEqual([5, 6, 7])
  })
})
