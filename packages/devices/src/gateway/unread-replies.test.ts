import { describe, expect, test } from 'vitest'
import { UNREAD_MS } from '../base/send-room.js'
import { UnreadReplies } from './unread-replies.js'

const LARGE = 10_000

/** An account with so many large replies of a client, which ZeroMQ has taken. */
function withTaken(unread: UnreadReplies, client: string, replies: number, nowMs = 0): UnreadReplies {
  for (let reply = 0; reply < replies; reply++) {
    unread.hold(client, LARGE, nowMs)
    unread.take(client, LARGE, nowMs)
  }
  return unread
}

describe('UnreadReplies', () => {
  test('counts what is held, and the last eight that ZeroMQ took for each client', () => {
    const unread = withTaken(new UnreadReplies(1e6, LARGE), 'a', 20)

    expect(unread.bytes).toBe(8 * LARGE)
    unread.hold('a', LARGE, 0)
    expect([unread.bytes, unread.hasRoomFor('a', LARGE, 0), unread.hasRoomFor('b', LARGE, 0)]).toEqual([
      9 * LARGE,
      true,
      true,
    ])
    unread.drop('a', LARGE)
    expect(unread.bytes).toBe(8 * LARGE)
  })

  test('never refuses a client that has read all but the last eight, and one that has more than its share', () => {
    const unread = withTaken(new UnreadReplies(9 * LARGE, LARGE), 'a', 100)

    expect(unread.hasRoomFor('a', LARGE, 0)).toBe(true)
    unread.hold('a', LARGE, 0)
    expect([
      unread.hasRoomFor('a', LARGE, 0),
      unread.hasRoomFor('b', LARGE, 0),
      unread.hasRoomFor('b', 4096, 0),
    ]).toEqual([false, false, true])
  })

  test('gives back what a client had that has gone, or has been sent nothing for 30 seconds', () => {
    const unread = withTaken(withTaken(new UnreadReplies(1e6, LARGE), 'a', 3), 'b', 2, 10)

    unread.gone('a')
    expect(unread.bytes).toBe(2 * LARGE)
    unread.hasRoomFor('c', LARGE, UNREAD_MS + 9)
    expect(unread.bytes).toBe(2 * LARGE)
    unread.hasRoomFor('c', LARGE, UNREAD_MS + 10)
    expect(unread.bytes).toBe(0)
  })

  test('remembers no client for small replies alone', () => {
    const unread = new UnreadReplies(1e6, LARGE)

    for (let client = 0; client < 100_000; client++) {
      unread.hold(String(client), 200, 0)
      unread.take(String(client), 200, 0)
    }

    expect(unread.bytes).toBe(0)
  })
})
