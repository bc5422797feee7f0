import { describe, expect, test } from 'vitest'
import { ReplyShares } from './reply-shares.js'

const LARGE = 10_000

describe('ReplyShares', () => {
  test('counts the last large replies of a connection for 30 seconds, or until it has gone', () => {
    const shares = new ReplyShares(1e6)

    for (let reply = 0; reply < 10; reply++)
      for (const client of ['a', 'b']) if (shares.take(client, LARGE, 0)) shares.sent(client, LARGE, 0)
    expect(shares.bytes).toBe(8 * LARGE)
    shares.gone('a')
    expect(shares.bytes).toBe(4 * LARGE)
    shares.take('c', 1, 30_000)

    expect(shares.bytes).toBe(1)
  })

  test('forgets small replies when ZeroMQ has them, and those that were not sent', () => {
    const shares = new ReplyShares(1e6)

    shares.take('a', 100, 0)
    shares.sent('a', 100, 0)
    shares.take('a', LARGE, 0)
    shares.drop('a', LARGE)

    expect(shares.bytes).toBe(0)
  })

  test('lets those go on who read, and leaves room to others, when many take much', () => {
    const shares = new ReplyShares(100 * LARGE)
    const get = (client: string, bytes: number): boolean => {
      const isTaken = shares.take(client, bytes, 0)
      if (isTaken) shares.sent(client, bytes, 0)
      return isTaken
    }

    for (let reply = 0; reply < 4; reply++) get('early', LARGE)
    for (let client = 0; client < 20; client++) for (let reply = 0; reply < 4; reply++) get(`greedy ${client}`, LARGE)

    expect(shares.bytes).toBeLessThanOrEqual(100 * LARGE)
    expect([get('early', LARGE), get('late', LARGE / 2)]).toEqual([true, true])
  })
})
