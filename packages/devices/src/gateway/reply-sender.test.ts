import { HostUnreachableError, WouldBlockError } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { ReplySender } from './reply-sender.js'
import { UnreadReplies } from './unread-replies.js'

const FAULT = { errorClass: WouldBlockError, text: 'no', remedy: 'wait', retry: 'retriable' } as const

type Answer = 'takes' | 'is full' | 'has gone'

/** A sender, with a socket that does with each reply what its client does. */
class Office {
  readonly clock = new ManualClock()
  readonly unread = new UnreadReplies(20_000, 1000)
  readonly clients: Record<string, Answer> = { a: 'takes', b: 'takes' }
  readonly sent: string[] = []
  asked = 0
  mostAtOnce = 0
  #atOnce = 0
  readonly sender = new ReplySender(
    { send: frames => this.#send(frames as readonly string[]) },
    this.clock,
    this.unread,
    5,
    () => undefined,
  )

  reply(client: string, text: string): void {
    this.sender.send({ client, frames: [client, '', text] })
  }

  async settled(ms = 0): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.clock.advance(ms)
    await new Promise(resolve => setImmediate(resolve))
  }

  async #send([client = '', , text = '']: readonly string[]): Promise<void> {
    this.asked += 1
    this.#atOnce += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce)
    await Promise.resolve()
    this.#atOnce -= 1
    if (this.clients[client] === 'is full') throw new WouldBlockError('EAGAIN', 'send', FAULT)
    if (this.clients[client] === 'has gone') throw new HostUnreachableError('EHOSTUNREACH', 'send', FAULT)
    this.sent.push(text)
  }
}

describe('ReplySender.send()', () => {
  test('gives ZeroMQ few at a time for one client', async () => {
    const office = new Office()
    for (const text of '123456789abc') office.reply('a', text)

    await office.settled()

    expect([office.sent.join(''), office.mostAtOnce, office.sender.isIdle]).toEqual(['123456789abc', 8, true])
  })

  test('keeps what a client has no room for, and holds up no other', async () => {
    const office = new Office()
    office.clients['a'] = 'is full'
    for (const text of '123') office.reply('a', text)
    await office.settled()
    office.reply('b', 'other')
    await office.settled(10)
    expect([office.sent, office.sender.isIdle]).toEqual([['other'], false])

    office.clients['a'] = 'takes'
    await office.settled(200)

    expect([
      office.sent.toSorted((a, b) => a.localeCompare(b)),
      office.sender.isIdle,
      office.sender.undelivered,
    ]).toEqual([['1', '2', '3', 'other'], true, { gone: 0, unread: 0 }])
  })

  test('keeps no more than may wait, asks seldom, and drops all that is not taken within 30 seconds', async () => {
    const office = new Office()
    office.clients['a'] = 'is full'
    for (let reply = 0; reply < 100; reply++) office.reply('a', 'x')
    await office.settled()
    for (let reply = 0; reply < 100; reply++) office.reply('a', 'x')

    const before = office.sender.undelivered.unread
    expect(before).toBeGreaterThan(180)
    for (let ms = 0; ms < 29_000; ms += 100) await office.settled(100)
    expect([office.sender.isIdle, office.asked < 300]).toEqual([false, true])
    for (let ms = 0; ms < 2000; ms += 100) await office.settled(100)

    expect([office.sender.isIdle, office.sender.undelivered, office.unread.bytes, office.clock.timers]).toEqual([
      true,
      { gone: 0, unread: 200 },
      0,
      0,
    ])
  })

  test('keeps no more bytes than may be unread', async () => {
    const office = new Office()
    for (const client of ['c', 'd', 'e', 'f', 'g', 'h']) {
      office.clients[client] = 'is full'
      office.reply(client, 'x'.repeat(4000))
      await office.settled()
      office.reply(client, 'x'.repeat(4000))
    }

    expect(office.unread.bytes).toBeLessThan(20_000 + 6 * 4010)
    expect(office.sender.undelivered.unread).toBeGreaterThan(0)
  })

  test('drops what waits for a client that has gone', async () => {
    const office = new Office()
    office.clients['a'] = 'is full'
    for (const text of '123') office.reply('a', text)
    await office.settled()

    office.clients['a'] = 'has gone'
    await office.settled(10)

    expect([office.sender.isIdle, office.sender.undelivered, office.unread.bytes]).toEqual([
      true,
      { gone: 3, unread: 0 },
      0,
    ])
  })

  test('close() drops what waits, and what is under way when it cannot be sent', async () => {
    const office = new Office()
    office.clients['a'] = 'is full'
    for (const text of '12345678') office.reply('a', text)
    office.reply('b', 'other')

    office.sender.close()
    await office.settled()

    expect([office.sender.isIdle, office.clock.timers, office.unread.bytes]).toEqual([true, 0, 0])
    expect(office.sender.undelivered.unread + office.sent.length).toBe(9)
  })
})
