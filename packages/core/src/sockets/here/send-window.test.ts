import { describe, expect, test } from 'vitest'
import type { Frame } from '../messages/frames.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { SendWindow } from './send-window.js'

const { underWayMessages, underWayBytes, waitingMessages, waitingBytes } = SOCKET_LIMITS

const refusal = (): Error => new Error('refused')
const closed = (): Error => new Error('closed')

function windowThatNotes(): { posted: (readonly Frame[])[]; window: SendWindow } {
  const posted: (readonly Frame[])[] = []
  return { posted, window: new SendWindow(frames => posted.push(frames)) }
}

describe('SendWindow', () => {
  test('posts as many messages as may be under way, and the next as each is settled', () => {
    const { posted, window } = windowThatNotes()
    for (let number = 0; number < underWayMessages + 3; number++) void window.add([String(number)], 1)
    const before = posted.length

    window.settle(2)

    expect([before, posted.length, window.size]).toEqual([underWayMessages, underWayMessages + 2, underWayMessages + 1])
  })

  test('posts as many bytes as may be under way, and one larger message alone', () => {
    const { posted, window } = windowThatNotes()

    void window.add(['large'], underWayBytes * 2)
    void window.add(['small'], 1)
    const first = posted.length
    window.settle(1)

    expect([first, posted]).toEqual([1, [['large'], ['small']]])
  })

  test('settles sends in their order, and says which were refused', async () => {
    const { window } = windowThatNotes()
    const outcomes = Promise.all([window.add(['1'], 1), window.add(['2'], 1), window.add(['3'], 1)])

    window.settle(1)
    window.refuse(refusal)
    window.settle(1)

    expect(await outcomes).toEqual([undefined, refusal, undefined])
  })

  test('is full at its limit of messages or bytes that wait', () => {
    const byMessages = windowThatNotes().window
    const byBytes = windowThatNotes().window

    for (let number = 0; number < underWayMessages + waitingMessages; number++) void byMessages.add(['x'], 1)
    for (let number = 0; number < 3; number++) void byBytes.add(['x'], waitingBytes / 2)

    expect([byMessages.isFull, byBytes.isFull, windowThatNotes().window.isFull]).toEqual([true, true, false])
  })

  test('drained() resolves when all are settled, one way or the other', async () => {
    const { window } = windowThatNotes()
    const outcomes = Promise.all([window.add(['1'], 1), window.add(['2'], 1)])
    const drained = window.drained()

    window.settle(1)
    window.fail(closed)

    await drained
    expect([await outcomes, window.size]).toEqual([[undefined, closed], 0])
  })
})
