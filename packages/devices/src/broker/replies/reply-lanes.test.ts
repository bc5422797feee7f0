import { HostUnreachableError, WouldBlockError, type Frame } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import type { BrokerSend } from '../broker-state.js'
import { ReplyLanes } from './reply-lanes.js'

const FAULT = { errorClass: WouldBlockError, retry: 'retriable', text: '', remedy: '' } as const

/** A ROUTER with so much room for each client, and none for clients that have gone. */
class Room {
  readonly clock = new ManualClock()
  readonly sent: string[] = []
  readonly undelivered: string[] = []
  readonly left = new Map<string, number>()
  readonly lanes: ReplyLanes
  /** What moved when that was said to have changed. */
  moving = NaN

  constructor(maxBytes = 1e6) {
    this.lanes = new ReplyLanes({
      send: frames => this.#send(frames),
      undelivered: ({ frames }) => void this.undelivered.push(frames.map(String).join(' ')),
      changed: () => void (this.moving = this.lanes.movingBytes),
      clock: this.clock,
      maxBytes,
      patienceMs: 1000,
    })
  }

  add(client: string, text: string): void {
    const send: BrokerSend = { frames: [Buffer.from(client), text], isReply: true }
    this.lanes.add(send)
  }

  async #send(frames: readonly Frame[]): Promise<void> {
    const client = String(frames[0])
    const left = this.left.get(client) ?? Infinity
    if (left === 0) throw new WouldBlockError('EAGAIN', 'send', FAULT)
    if (left < 0) throw new HostUnreachableError('EHOSTUNREACH', 'send', FAULT)
    this.left.set(client, left - 1)
    this.sent.push(frames.map(String).join(' '))
  }
}

/** Lets everything run that waits for no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve()
}

describe('ReplyLanes', () => {
  test('sends what is for one client in order, and lets none wait for another', async () => {
    const room = new Room()
    room.left.set('slow', 1)

    for (const text of ['1', '2', '3']) for (const client of ['slow', 'quick']) room.add(client, text)
    await settled()
    expect(room.sent).toEqual(['slow 1', 'quick 1', 'quick 2', 'quick 3'])
    expect(room.moving).toBe(0)
    room.left.set('slow', 10)
    room.clock.advance(2)
    await settled()

    expect(room.sent.slice(4)).toEqual(['slow 2', 'slow 3'])
    expect([room.undelivered, room.lanes.movingBytes]).toEqual([[], 0])
  })

  test('drops what is for a client that has gone, or has had no room for too long, and tries it again with what comes then', async () => {
    const room = new Room()
    room.left.set('gone', -1)
    room.left.set('stuck', 0)

    for (const client of ['gone', 'stuck']) for (const text of ['1', '2']) room.add(client, text)
    await settled()
    expect(room.undelivered).toEqual(['gone 1', 'gone 2'])
    expect(room.lanes.movingBytes).toBe(0)
    for (let ms = 0; ms < 1100; ms += 10) {
      room.clock.advance(10)
      await settled()
    }
    expect(room.undelivered.slice(2)).toEqual(['stuck 1', 'stuck 2'])
    room.left.set('stuck', 1)
    room.add('stuck', '3')
    await settled()

    expect(room.sent).toEqual(['stuck 3'])
  })

  test('keeps no more bytes than it may, and has room for others then', async () => {
    const room = new Room(100_000)
    room.left.set('stuck', 0)

    for (let reply = 0; reply < 1000; reply++) room.add('stuck', 'x'.repeat(1000))
    room.add('other', 'hello')
    await settled()

    expect(room.undelivered.length).toBeGreaterThan(950)
    expect(room.sent).toEqual(['other hello'])
  })

  test('flush() gives all to ZeroMQ at once, but for clients that did not read', async () => {
    const room = new Room()
    room.left.set('stuck', 0)
    room.add('stuck', '1')
    await settled()

    for (const text of ['1', '2', '3']) room.add('quick', text)
    room.lanes.flush()
    expect(room.sent).toEqual(['quick 1', 'quick 2', 'quick 3'])
    room.clock.advance(1000)
    await settled()

    expect(room.sent).toHaveLength(3)
    expect(room.undelivered).toEqual(['stuck 1'])
    expect(room.clock.timers).toBe(0)
  })
})
