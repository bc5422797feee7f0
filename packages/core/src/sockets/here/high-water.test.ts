import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { runProgram } from '../../fixtures/run-program.js'
import { FLOOD_MARK, FLOOD_MESSAGE_BYTES, type FloodReport, type Policy } from '../fixtures/flood.js'
import { bindable, plugged, texts } from '../fixtures/plugged.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { HostUnreachableError, WouldBlockError } from '../socket-errors.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

const MIB = 1024 * 1024
/** So that the collectors, however busy the machine is, keep up with memory outside of the heaps. */
const SMALL_HEAPS = ['--max-old-space-size=64']

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
    await using pair = await plugged('PULL', 'PUSH', {
      transport: 'inproc',
      boundOptions: { receiveHighWaterMark: 1 },
      connectedOptions: { sendHighWaterMark: 1 },
    })
    const sends = Array.from({ length: 300 }, (_, number) => pair.right.send(String(number)))

    const arrived: string[] = []
    while (arrived.length < 300) arrived.push(...texts(await pair.left.receive()))

    await Promise.all(sends)
    expect(arrived).toEqual(Array.from({ length: 300 }, (_, number) => String(number)))
  })

  test('holds up no other socket of its thread', async () => {
    await using stuck = await openSocket('PUSH', { linger: 0 })
    await using stuckToo = await openSocket('PUSH', { linger: 0 })
    const waiting = [stuck, stuckToo].flatMap(socket =>
      Array.from({ length: SOCKET_LIMITS.underWayMessages * 2 }, () => socket.send(Buffer.alloc(3000))),
    )
    for (const send of waiting) send.catch(() => undefined)
    await using pair = await plugged('REP', 'REQ')

    await pair.right.send('Hello')
    await pair.left.receive()
    await pair.left.send('World')

    expect(texts(await pair.right.receive())).toEqual(['World'])
  })

  test('whose messages no peer receives holds up no other socket of its thread', async () => {
    const idle = await Promise.all(
      Array.from({ length: 20 }, () => plugged('PUSH', 'PULL', { boundOptions: { linger: 0 } })),
    )
    const large = Buffer.alloc(MIB)
    await Promise.all(idle.flatMap(({ left }) => Array.from({ length: 6 }, () => left.send(large))))
    await using pair = await plugged('REP', 'REQ')

    await pair.right.send('Hello')

    expect(texts(await pair.left.receive())).toEqual(['Hello'])
    for (const each of idle) await each[Symbol.asyncDispose]()
  })

  test('refuses sends that no code awaits when too many wait', async () => {
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
  const messages = 1600

  test.each<[string, Policy]>([
    ['PUSH waits', { type: 'PUSH', options: {}, atMark: 'waits' }],
    ['DEALER waits', { type: 'DEALER', options: {}, atMark: 'waits' }],
    ['PAIR waits', { type: 'PAIR', options: {}, atMark: 'waits' }],
    ['ROUTER waits for its peer', { type: 'ROUTER', options: {}, atMark: 'waits' }],
    ['XPUB with noDrop waits', { type: 'XPUB', options: { noDrop: true }, atMark: 'waits' }],
    ['PUB with noDrop waits', { type: 'PUB', options: { noDrop: true }, atMark: 'waits' }],
    ['PUSH with sendTimeout is refused', { type: 'PUSH', options: { sendTimeout: 0 }, atMark: 'is refused' }],
    ['ROUTER with sendTimeout is refused', { type: 'ROUTER', options: { sendTimeout: 0 }, atMark: 'is refused' }],
    ['ROUTER that is not mandatory drops', { type: 'ROUTER', options: { mandatory: false }, atMark: 'drops' }],
    ['PUB drops', { type: 'PUB', options: {}, atMark: 'drops' }],
    ['XPUB drops', { type: 'XPUB', options: {}, atMark: 'drops' }],
  ])('stay inside the bound of memory: %s', { timeout: 60_000 }, async (_name, policy) => {
    const ended = await runProgram(
      '../sockets/fixtures/programs/main-floods',
      [JSON.stringify({ ...policy, messages })],
      undefined,
      SMALL_HEAPS,
    )
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { sent, refused, dropped, queued, mostBytes } = JSON.parse(ended.stdout) as FloodReport

    expect(sent + refused).toBe(messages)
    expect([refused > 0, dropped > 0]).toEqual([policy.atMark === 'is refused', policy.atMark === 'drops'])
    // What was taken and neither dropped nor received lies in the queues: the marks of both sides, and what the consumer takes ahead.
    if (policy.atMark !== 'drops')
      expect(queued).toBeLessThanOrEqual(2 * FLOOD_MARK + SOCKET_LIMITS.arrivedBytes / FLOOD_MESSAGE_BYTES + 2)
    // Those queues, and what the collectors of two threads have not taken yet. All that was sent would be 400 MiB.
    expect(mostBytes).toBeLessThan(256 * MIB)
  })

  test('stay inside the bound of memory when no code awaits the sends', async () => {
    await using producer = await openSocket('PUSH', { linger: 0 })
    await producer.connect(bindable('inproc'))
    const before = process.memoryUsage().rss

    const sends = Array.from({ length: messages }, () => producer.send(Buffer.alloc(FLOOD_MESSAGE_BYTES, 1)))
    const outcomes = Promise.allSettled(sends)
    await expect(sends.at(-1)).rejects.toBeInstanceOf(WouldBlockError)

    const { waitingToSend, waitingToSendBytes, refused } = producer.statistics
    const { underWayBytes, waitingBytes } = SOCKET_LIMITS
    expect(waitingToSend + refused).toBe(messages)
    expect(waitingToSendBytes).toBeLessThanOrEqual(underWayBytes + waitingBytes + FLOOD_MESSAGE_BYTES)
    expect(process.memoryUsage().rss - before).toBeLessThan(messages * FLOOD_MESSAGE_BYTES)
    await producer.close()
    await outcomes
  })
})
