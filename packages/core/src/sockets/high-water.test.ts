import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { bindable, plugged, texts } from './fixtures/plugged.js'
import { openSocket, type SendingSocket } from './socket.js'
import { HostUnreachableError, WouldBlockError } from './socket-errors.js'
import { SOCKET_LIMITS } from './socket-limits.js'

expectNoLeaksAfterEach()

const MIB = 1024 * 1024

describe('a socket at its high-water mark', () => {
  test('refuses what it has no room for with a WouldBlockError when sendTimeout is 0', async () => {
    await using push = await openSocket('PUSH', { sendTimeout: 0, sendHighWaterMark: 5, linger: 0 })
    await push.connect(bindable('inproc'))

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => push.send('x')))

    const refused = outcomes.filter(outcome => outcome.status === 'rejected')
    expect(refused.map(({ reason }) => reason instanceof WouldBlockError)).toEqual([true, true, true])
    expect(push.statistics).toMatchObject({ sent: 5, refused: 3, waitingToSend: 0 })
  })

  test('lets a send wait as long as sendTimeout says', async () => {
    await using push = await openSocket('PUSH', { sendTimeout: 20, linger: 0 })

    await expect(push.send('to nobody')).rejects.toMatchObject({ errno: 'EAGAIN', retry: 'retriable' })
  })

  test('lets sends wait until there is room, and sends them in order', async () => {
    await using pair = await plugged('PULL', 'PUSH', { transport: 'inproc', boundOptions: { receiveHighWaterMark: 1 }, connectedOptions: { sendHighWaterMark: 1 } })
    const sends = Array.from({ length: 300 }, (_, number) => pair.right.send(String(number)))

    const arrived: string[] = []
    while (arrived.length < 300) arrived.push(...texts(await pair.left.receive()))

    await Promise.all(sends)
    expect(arrived).toEqual(Array.from({ length: 300 }, (_, number) => String(number)))
  })

  test('holds up no other socket of its thread', async () => {
    await using stuck = await openSocket('PUSH', { linger: 0 })
    await using stuckToo = await openSocket('PUSH', { linger: 0 })
    const waiting = [stuck, stuckToo].flatMap(socket => Array.from({ length: SOCKET_LIMITS.underWayMessages * 2 }, () => socket.send(Buffer.alloc(3000))))
    for (const send of waiting) send.catch(() => undefined)
    await using pair = await plugged('REP', 'REQ')

    await pair.right.send('Hello')
    await pair.left.receive()
    await pair.left.send('World')

    expect(texts(await pair.right.receive())).toEqual(['World'])
  })

  test('whose messages nobody receives holds up no other socket of its thread', async () => {
    const idle = await Promise.all(Array.from({ length: 20 }, () => plugged('PUSH', 'PULL', { boundOptions: { linger: 0 } })))
    const large = Buffer.alloc(MIB)
    await Promise.all(idle.flatMap(({ left }) => Array.from({ length: 6 }, () => left.send(large))))
    await using pair = await plugged('REP', 'REQ')

    await pair.right.send('Hello')

    expect(texts(await pair.left.receive())).toEqual(['Hello'])
    for (const each of idle) await each[Symbol.asyncDispose]()
  })

  test('refuses sends that nobody awaits when too many wait', async () => {
    await using push = await openSocket('PUSH', { linger: 0 })
    const { underWayMessages, waitingMessages } = SOCKET_LIMITS

    const sends = Array.from({ length: underWayMessages + waitingMessages + 1 }, () => push.send('x'))
    for (const send of sends) send.catch(() => undefined)

    await expect(sends.at(-1)).rejects.toBeInstanceOf(WouldBlockError)
    expect(push.statistics).toMatchObject({ refused: 1, waitingToSend: underWayMessages + waitingMessages })
  })
})

describe('ROUTER', () => {
  test('says that a peer is not there', async () => {
    await using router = await openSocket('ROUTER')

    await expect(router.send(['nobody', 'message'])).rejects.toBeInstanceOf(HostUnreachableError)
  })

  test('drops what is for a peer that is not there when it is not mandatory', async () => {
    await using router = await openSocket('ROUTER', { mandatory: false })

    await router.send(['nobody', 'message'])

    expect(router.statistics.sent).toBe(1)
  })
})

describe('a fast producer and a slow consumer', () => {
  const large = Buffer.alloc(MIB / 4)
  // Ten times as much as all queues together may hold.
  const messages = 1600

  test.each<[string, 'PUSH' | 'PUB', object]>([
    ['that waits', 'PUSH', {}],
    ['that is refused', 'PUSH', { sendTimeout: 0 }],
    ['that drops', 'PUB', {}],
  ])('stay inside the bound of memory, with a producer %s', async (_name, type, options) => {
    await using consumer = await openSocket(type === 'PUSH' ? 'PULL' : 'SUB', { receiveHighWaterMark: 10 })
    if (type === 'PUB') await (consumer as object as { subscribe(prefix: string): Promise<void> }).subscribe('')
    await using producer: SendingSocket = await openSocket(type, { sendHighWaterMark: 10, linger: 0, ...options })
    await producer.connect(await consumer.bind(bindable('inproc')))
    const before = process.memoryUsage()

    let received = 0
    let settled = 0
    let mostBytes = 0
    const consuming = (async () => {
      for await (const frames of consumer) received += frames.length
    })()
    for (let number = 0; number < messages; number++) {
      await producer.send(large).then(() => undefined, () => undefined)
      settled += 1
      const now = process.memoryUsage()
      mostBytes = Math.max(mostBytes, now.rss - before.rss)
    }
    await consumer.close()
    await consuming

    const { sent, refused } = producer.statistics
    expect(settled).toBe(messages)
    expect(sent + refused).toBe(messages)
    expect(received).toBeLessThanOrEqual(sent)
    // Both marks, both windows and what the collectors of two threads have not taken yet.
    expect(mostBytes).toBeLessThan(256 * MIB)
  })
})
