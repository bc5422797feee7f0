import { MessageChannel, MessagePort } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { SocketError } from '../base/errors/errors.js'
import { openResources } from '../base/owning/resources.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { LinkPair } from '../fixtures/links/link-pair.js'
import { words } from '../words/this-thread.js'
import { unsettledMessages, writeOffMessages } from './link-end.js'

expectNoLeaksAfterEach()

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

// What it has in common with a RemoteLink is in link-contract.test.ts.
describe('Link', () => {
  test('post() and signal() before open() wait for it', async () => {
    using pair = new LinkPair()
    for (const side of ['bind', 'connect'] as const) {
      pair[side].outbox.post('"early"')
      pair[side].signal({ signal: 'early' })
    }
    const held = words.held

    pair.open()
    for (const inbox of [pair.bindInbox, pair.connectInbox])
      await inbox.until(() => inbox.messages.length === 1 && inbox.signals.length === 1)

    expect([held, words.held]).toEqual([2, 0])
    expect(pair.connectInbox.bodies).toEqual(['early'])
    expect(pair.bindInbox.signals).toMatchObject([{ signal: 'early' }])
  })

  test('signal() hands over shared memory and ports', async () => {
    using pair = new LinkPair().open()
    const { port1, port2 } = new MessageChannel()
    const memory = new SharedArrayBuffer(4)

    pair.bind.signal({ signal: 'memory', data: { sizeBytes: 4 } }, { content: memory })
    pair.connect.signal({ signal: 'port' }, { content: port2, transfer: [port2] })
    await pair.connectInbox.until(() => pair.connectInbox.signals.length === 1)
    await pair.bindInbox.until(() => pair.bindInbox.signals.length === 1)

    expect(pair.connectInbox.signals[0]).toMatchObject({
      signal: 'memory',
      data: { sizeBytes: 4 },
      handedOver: expect.any(SharedArrayBuffer),
    })
    expect(pair.bindInbox.signals[0]?.handedOver).toBeInstanceOf(MessagePort)
    port1.close()
  })

  test('signal() brings data with any keys', async () => {
    using pair = new LinkPair().open()
    const data = [{ b: [1], '\\': [1] }, { b: [1], '"': [2] }, { b: [1], '\n': [3] }, { '\\n': 1 }, { '\nX': 2 }]

    for (const each of data) pair.bind.signal({ signal: 'data', data: each })
    await pair.connectInbox.until(() => pair.connectInbox.signals.length === data.length)

    expect(pair.connectInbox.signals.map(signal => signal.data)).toEqual(data)
  })

  test('signal() overtakes messages that wait for a slot', async () => {
    using pair = new LinkPair().open()
    for (const number of numbers(LINK_LIMITS.windowMessages + 100)) pair.bind.outbox.post(`${number}`)

    pair.bind.signal({ signal: 'hurry' })
    await pair.connectInbox.until(() => pair.connectInbox.signals.length === 1)

    expect(pair.connectInbox.messages.length).toBeLessThanOrEqual(LINK_LIMITS.windowMessages)
  })

  test('unhandled counts what a peer has that handles nothing, and backlog what waits for it', async () => {
    using pair = new LinkPair().open()
    for (const number of numbers(2 * LINK_LIMITS.windowMessages)) pair.bind.outbox.post(`${number}`)

    await pair.connectInbox.until(() => pair.connectInbox.messages.length === LINK_LIMITS.windowMessages)

    expect([pair.bind.outbox.unhandled, pair.bind.outbox.backlog]).toEqual([
      LINK_LIMITS.windowMessages,
      LINK_LIMITS.windowMessages,
    ])
  })

  test('post() counts the shared memory of large binaries', () => {
    using pair = new LinkPair()
    const binary = new Uint8Array(LINK_LIMITS.backlogMarkBytes / 4)
    const answers: boolean[] = []

    while (answers.at(-1) !== false) {
      pair.bind.blocks.lend(binary)
      answers.push(pair.bind.outbox.post('0'))
    }

    expect(answers).toHaveLength(LINK_LIMITS.backlogMarkBytes / binary.byteLength)
  })

  test('what fills a frame, by messages or bytes, leaves before the turn ends, and nothing else', async () => {
    using pair = new LinkPair().open()
    pair.connect.outbox.post('"first"')
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === 1)
    const half = JSON.stringify('x'.repeat(LINK_LIMITS.frameBytes / 2))
    const framesAfter = (post: () => void): boolean => {
      post()
      return pair.bind.hasFrames
    }

    const large = [framesAfter(() => pair.connect.outbox.post(half)), framesAfter(() => pair.connect.outbox.post(half))]
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === 3)
    const many = [
      framesAfter(() => numbers(LINK_LIMITS.frameMessages - 1).forEach(() => pair.connect.outbox.post('0'))),
      framesAfter(() => pair.connect.outbox.post('0')),
    ]

    expect([large, many]).toEqual([
      [false, true],
      [false, true],
    ])
  })

  test('sent() resolves when what was posted before has left, while others go on posting', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    for (const number of numbers(LINK_LIMITS.windowMessages + 1)) pair.bind.outbox.post(`${number}`)
    const isSent = { early: false, now: false }
    void pair.bind.outbox.sent().then(() => (isSent.now = true))

    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages)
    isSent.early = isSent.now
    let handled = 0
    while (!isSent.now) {
      for (const number of numbers(2000)) pair.bind.outbox.post(`${number}`)
      for (const { slot } of inbox.messages.slice(handled, handled + 1000)) pair.connect.finish(slot)
      handled += 1000
      await inbox.until(() => isSent.now || inbox.messages.length > handled)
    }

    expect(isSent.early).toBe(false)
    expect(pair.bind.outbox.backlog).toBeGreaterThan(0)
  })

  test('lets go of large messages that were handled, also when it sends nothing more', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    const text = JSON.stringify('x'.repeat(2 * LINK_LIMITS.retainedBytes))

    pair.bind.outbox.post(text)
    await inbox.until(() => inbox.messages.length === 1)
    const awaited = pair.bind.awaitsSlots
    pair.connect.finish((inbox.messages[0] as { slot: number }).slot)
    // The ring makes the reactor flush; a signal that follows it says when it has.
    while (pair.bind.awaitsSlots) {
      pair.connect.signal({ signal: 'tick' })
      const { length } = pair.bindInbox.signals
      await pair.bindInbox.until(() => pair.bindInbox.signals.length > length)
    }

    expect(awaited).toBe(true)
    expect(pair.bind.awaitsSlots).toBe(false)
  })

  test('settled() and writeOffMessages() take the remains out of the account that outlives both sides', async () => {
    using pair = new LinkPair().open()
    for (const number of numbers(3)) pair.bind.outbox.post(`${number}`)
    for (const number of numbers(LINK_LIMITS.windowMessages + 5)) pair.connect.outbox.post(`${number}`)
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === LINK_LIMITS.windowMessages)
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 3)
    pair.connect.close()
    const before = unsettledMessages(pair.bindEnd)

    const remains = pair.bind.takeRemains()
    pair.bind.outbox.settled(remains.returned.length)
    const settled = unsettledMessages(pair.bindEnd)
    writeOffMessages(pair.bindEnd, remains.lost)
    const writtenOff = unsettledMessages(pair.bindEnd)
    for (const { slot } of pair.bindInbox.messages) pair.bind.finish(slot)

    const window = LINK_LIMITS.windowMessages
    expect([before, settled, writtenOff, unsettledMessages(pair.bindEnd)]).toEqual([window + 8, window + 5, window, 0])
  })

  test('close() resolves all waits for sent(), and no signal arrives', async () => {
    using pair = new LinkPair()
    pair.bind.outbox.post('0')
    const sent = pair.bind.outbox.sent()

    pair.bind.close()
    await sent

    expect(() => pair.bind.signal({ signal: 'nobody hears' })).not.toThrow()
  })

  test('open() leaves nothing behind when it throws', () => {
    using first = new LinkPair()
    using second = new LinkPair()
    first.bind.open(first.bindEnd)
    second.bind.outbox.post('0')

    expect(() => second.bind.open({ ...second.bindEnd, endpoint: first.bindEnd.endpoint })).toThrow(SocketError)

    expect(second.bind.isClosed).toBe(true)
    expect(openResources()).toHaveLength(1)
    expect(words.held).toBe(0)
  })

  test('a hello of another incarnation is not let in', async () => {
    using pair = new LinkPair()
    pair.bind.open(pair.bindEnd)
    pair.connect.open({ ...pair.connectEnd, incarnation: 2 })
    pair.connect.signal({ signal: 'after the hello' })
    await pair.bindInbox.until(() => pair.bindInbox.signals.length === 1)

    pair.bind.outbox.post('0')
    await Promise.resolve()

    expect(pair.bind.outbox.backlog).toBe(1)
  })
})
