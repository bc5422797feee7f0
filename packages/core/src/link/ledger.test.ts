import { describe, expect, test } from 'vitest'
import { LINK_LIMITS } from '../base/values/limits.js'
import { LEDGER_BYTES, Ledger, underWay } from './ledger.js'

/** Both sides of one account. */
function account(): { sender: Ledger; receiver: Ledger } {
  const memory = new SharedArrayBuffer(LEDGER_BYTES)
  return { sender: new Ledger(memory, 0), receiver: new Ledger(memory, 0) }
}

describe('Ledger', () => {
  test('accept() and frameSent() are seen by the receiver', () => {
    const { sender, receiver } = account()

    sender.accept(3)
    sender.accept(2)
    sender.frameSent()

    expect(receiver.accepted).toBe(5)
    expect(receiver.frames).toBe(1)
  })

  test('accept() wraps around so that a difference stays right', () => {
    const { sender, receiver } = account()
    sender.accept(2 ** 31 - 1)
    const before = receiver.accepted

    sender.accept(10)

    expect((receiver.accepted - before) | 0).toBe(10)
  })

  test('takeHandled() gives each slot back once, in the order in which they were finished', () => {
    const { sender, receiver } = account()
    for (const slot of [4, 2, 9]) receiver.finish(slot)

    const taken = [sender.takeHandled(), sender.takeHandled(), sender.takeHandled(), sender.takeHandled()]

    expect(taken).toEqual([4, 2, 9, -1])
  })

  test('takeHandled() keeps up over many times the window', () => {
    const { sender, receiver } = account()
    const messages = 5 * LINK_LIMITS.windowMessages + 7

    for (let message = 0; message < messages; message++) {
      receiver.finish(message % LINK_LIMITS.windowMessages)
      if (sender.takeHandled() !== message % LINK_LIMITS.windowMessages)
        throw new Error(`message ${message} came back under another slot`)
    }

    expect(sender.takeHandled()).toBe(-1)
    expect(receiver.handled).toBe(messages)
  })

  test('takeHandled() holds a whole window that was handled at once', () => {
    const { sender, receiver } = account()
    for (let slot = 0; slot < LINK_LIMITS.windowMessages; slot++) receiver.finish(slot)

    const taken = new Set<number>()
    for (let slot = sender.takeHandled(); slot >= 0; slot = sender.takeHandled()) taken.add(slot)

    expect(taken.size).toBe(LINK_LIMITS.windowMessages)
  })

  test('hasBegun() says whether the receiver began, until the slot is cleared', () => {
    const { sender, receiver } = account()

    receiver.begin(LINK_LIMITS.windowMessages - 1)

    expect(sender.hasBegun(LINK_LIMITS.windowMessages - 1)).toBe(true)
    expect(sender.hasBegun(0)).toBe(false)
    sender.clear(LINK_LIMITS.windowMessages - 1)
    expect(sender.hasBegun(LINK_LIMITS.windowMessages - 1)).toBe(false)
  })

  test('wish() tells the receiver when to ring', () => {
    const { sender, receiver } = account()
    const wished = [receiver.wished]

    for (const wish of ['at-each', 'when-all-are', 'never'] as const) {
      sender.wish(wish)
      wished.push(receiver.wished)
    }

    expect(wished).toEqual(['never', 'at-each', 'when-all-are', 'never'])
  })

  test('unsettled counts what was accepted and neither handled, nor taken back, nor written off', () => {
    const { sender, receiver } = account()

    sender.accept(10)
    receiver.finish(0)
    receiver.finish(1)
    sender.takeBack(3)
    receiver.writeOff(1)

    expect([sender.unsettled, receiver.unsettled]).toEqual([4, 4])
  })

  test('reading says what became of all messages, beyond the range of a word', () => {
    const { sender, receiver } = account()
    const most = 2 ** 31 - 1

    for (let times = 0; times < 5; times++) sender.accept(most)
    receiver.finish(0)
    sender.takeBack(3)
    receiver.writeOff(1)

    expect(receiver.reading).toEqual({ sent: 5 * most, handled: 1, givenBack: 3, lost: 1, isStalled: false })
    expect(underWay(receiver.reading)).toBe(5 * most - 5)
  })

  test('two ledgers in one memory do not touch each other', () => {
    const memory = new SharedArrayBuffer(2 * LEDGER_BYTES)
    const first = new Ledger(memory, 0)
    const second = new Ledger(memory, LEDGER_BYTES)

    first.accept(7)
    for (let slot = 0; slot < LINK_LIMITS.windowMessages; slot++) {
      first.begin(slot)
      first.finish(slot)
    }

    expect(second.accepted).toBe(0)
    expect(second.takeHandled()).toBe(-1)
    expect(second.hasBegun(0)).toBe(false)
  })
})
