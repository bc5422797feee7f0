import { MessageChannel, MessagePort } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { PipeClosedError, PipeFullError, SocketError } from './errors.js'
import { expectNoLeaksAfterEach } from './fixtures/leaks.js'
import { LinkPair } from './fixtures/link-pair.js'
import { unsettledMessages, writeOffMessages } from './link-end.js'
import { LINK_LIMITS } from './limits.js'
import { openResources } from './resources.js'
import { words } from './this-thread.js'

expectNoLeaksAfterEach()

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

describe('Link', () => {
  test('post() delivers both ways, in order', async () => {
    using pair = new LinkPair().open()
    const sent = numbers(5000)

    for (const number of sent) {
      pair.bind.post(`${number}`)
      pair.connect.post(`-${number}`)
    }
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === sent.length)
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === sent.length)

    expect(pair.connectInbox.bodies).toEqual(sent)
    expect(pair.bindInbox.bodies).toEqual(sent.map(number => -number))
  })

  test.each(['bind', 'connect'] as const)('the %s side may open first', async first => {
    using pair = new LinkPair()
    const second = first === 'bind' ? 'connect' : 'bind'

    pair[first].open(pair[`${first}End`])
    pair[first].post('1')
    pair[second].open(pair[`${second}End`])
    pair[second].post('2')
    await pair[`${second}Inbox`].until(() => pair[`${second}Inbox`].messages.length === 1)
    await pair[`${first}Inbox`].until(() => pair[`${first}Inbox`].messages.length === 1)

    expect(pair[`${second}Inbox`].bodies).toEqual([1])
  })

  test('post() and signal() before open() wait for it', async () => {
    using pair = new LinkPair()
    for (const side of ['bind', 'connect'] as const) {
      pair[side].post('"early"')
      pair[side].signal('early')
    }
    const held = words.held

    pair.open()
    for (const inbox of [pair.bindInbox, pair.connectInbox]) await inbox.until(() => inbox.messages.length === 1 && inbox.signals.length === 1)

    expect([held, words.held]).toEqual([2, 0])
    expect(pair.connectInbox.bodies).toEqual(['early'])
    expect(pair.bindInbox.signals).toMatchObject([{ signal: 'early' }])
  })

  test('signal() hands over shared memory and ports', async () => {
    using pair = new LinkPair().open()
    const { port1, port2 } = new MessageChannel()
    const memory = new SharedArrayBuffer(4)

    pair.bind.signal('memory', { sizeBytes: 4 }, { content: memory })
    pair.connect.signal('port', undefined, { content: port2, transfer: [port2] })
    await pair.connectInbox.until(() => pair.connectInbox.signals.length === 1)
    await pair.bindInbox.until(() => pair.bindInbox.signals.length === 1)

    expect(pair.connectInbox.signals[0]).toMatchObject({ signal: 'memory', data: { sizeBytes: 4 }, handedOver: expect.any(SharedArrayBuffer) })
    expect(pair.bindInbox.signals[0]?.handedOver).toBeInstanceOf(MessagePort)
    port1.close()
  })

  test('signal() overtakes messages that wait for a slot', async () => {
    using pair = new LinkPair().open()
    for (const number of numbers(LINK_LIMITS.windowMessages + 100)) pair.bind.post(`${number}`)

    pair.bind.signal('hurry')
    await pair.connectInbox.until(() => pair.connectInbox.signals.length === 1)

    expect(pair.connectInbox.messages.length).toBeLessThanOrEqual(LINK_LIMITS.windowMessages)
  })

  test('a peer that handles nothing gets a window of messages, and the rest as it goes on', async () => {
    using pair = new LinkPair().open()
    const sent = numbers(2 * LINK_LIMITS.windowMessages)
    for (const number of sent) pair.bind.post(`${number}`)
    const inbox = pair.connectInbox

    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages)
    const unhandled = [pair.bind.unhandled, pair.bind.backlog]
    for (let handled = 0; handled < sent.length; handled++) {
      await inbox.until(() => inbox.messages.length > handled)
      pair.connect.finish((inbox.messages[handled] as { slot: number }).slot)
    }

    expect(unhandled).toEqual([LINK_LIMITS.windowMessages, LINK_LIMITS.windowMessages])
    expect(inbox.bodies).toEqual(sent)
  })

  test('post() returns false at the mark in messages, and ready() waits below it', async () => {
    using pair = new LinkPair()
    const answers = numbers(LINK_LIMITS.backlogMark).map(number => pair.bind.post(`${number}`))
    const ready = pair.bind.ready()

    pair.open()
    await ready

    expect(answers.indexOf(false)).toBe(LINK_LIMITS.backlogMark - 1)
    expect(pair.bind.backlog).toBeLessThan(LINK_LIMITS.backlogMark)
  })

  test('post() returns false at the mark in bytes, before it throws', async () => {
    using pair = new LinkPair()
    const mebibyte = JSON.stringify('x'.repeat(1024 * 1024))
    const answers: boolean[] = []

    while (answers.at(-1) !== false) answers.push(pair.bind.post(mebibyte))
    const ready = pair.bind.ready()
    pair.open()
    await ready

    expect(answers).toHaveLength(LINK_LIMITS.backlogMarkBytes / (1024 * 1024))
  })

  test('post() counts the shared memory of large binaries', () => {
    using pair = new LinkPair()
    const binary = new Uint8Array(8 * 1024 * 1024)
    const answers: boolean[] = []

    while (answers.at(-1) !== false) {
      pair.bind.blocks.lend(binary)
      answers.push(pair.bind.post('0'))
    }

    expect(answers).toHaveLength(LINK_LIMITS.backlogMarkBytes / binary.byteLength)
  })

  test('post() throws a PipeFullError at the limit, and takes no message with it', () => {
    using pair = new LinkPair()
    for (const number of numbers(LINK_LIMITS.backlogMessages)) pair.bind.post(`${number}`)

    expect(() => pair.bind.post('0')).toThrow(PipeFullError)
    expect(pair.bind.backlog).toBe(LINK_LIMITS.backlogMessages)
    pair.bind.postAlways('0')
    pair.bind.postReply('0')
    expect(pair.bind.backlog).toBe(LINK_LIMITS.backlogMessages + 2)
  })

  test('postReply() reaches a peer that handles nothing, and postAlways() waits its turn', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    for (const number of numbers(LINK_LIMITS.windowMessages + 1)) pair.bind.post(`${number}`)
    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages)

    pair.bind.postAlways('"in turn"')
    pair.bind.postReply('"reply"')
    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages + 1)
    for (const { slot } of inbox.messages.slice(0, 2)) pair.connect.finish(slot)
    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages + 3)

    expect(inbox.bodies.slice(LINK_LIMITS.windowMessages)).toEqual(['reply', LINK_LIMITS.windowMessages, 'in turn'])
  })

  test('sent() resolves when what was posted before has left, while others go on posting', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    for (const number of numbers(LINK_LIMITS.windowMessages + 1)) pair.bind.post(`${number}`)
    const isSent = { early: false, now: false }
    void pair.bind.sent().then(() => (isSent.now = true))

    await inbox.until(() => inbox.messages.length === LINK_LIMITS.windowMessages)
    isSent.early = isSent.now
    let handled = 0
    while (!isSent.now) {
      for (const number of numbers(2000)) pair.bind.post(`${number}`)
      for (const { slot } of inbox.messages.slice(handled, handled + 1000)) pair.connect.finish(slot)
      handled += 1000
      await inbox.until(() => isSent.now || inbox.messages.length > handled)
    }

    expect(isSent.early).toBe(false)
    expect(pair.bind.backlog).toBeGreaterThan(0)
  })

  test('lets go of large messages that were handled, also when it sends nothing more', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    const text = JSON.stringify('x'.repeat(2 * LINK_LIMITS.retainedBytes))

    pair.bind.post(text)
    await inbox.until(() => inbox.messages.length === 1)
    const awaited = pair.bind.awaitsSlots
    pair.connect.finish((inbox.messages[0] as { slot: number }).slot)
    // The ring makes the reactor flush; a signal that follows it says when it has.
    while (pair.bind.awaitsSlots) {
      pair.connect.signal('tick')
      const { length } = pair.bindInbox.signals
      await pair.bindInbox.until(() => pair.bindInbox.signals.length > length)
    }

    expect(awaited).toBe(true)
    expect(pair.bind.awaitsSlots).toBe(false)
  })

  test('takeRemains() gives back what the peer did not finish, and says what it had begun', async () => {
    using pair = new LinkPair().open()
    const inbox = pair.connectInbox
    for (const number of numbers(4)) pair.bind.post(`{"number":${number}}`)
    await inbox.until(() => inbox.messages.length === 4)
    pair.connect.begin((inbox.messages[0] as { slot: number }).slot)
    pair.connect.finish((inbox.messages[0] as { slot: number }).slot)
    pair.connect.begin((inbox.messages[2] as { slot: number }).slot)
    pair.bind.post('"never sent"')

    pair.connect.close()
    const { returned, lost } = pair.bind.takeRemains()

    expect(returned).toEqual([
      { body: { number: 1 }, progress: 'not-begun' },
      { body: { number: 2 }, progress: 'begun' },
      { body: { number: 3 }, progress: 'not-begun' },
      { body: 'never sent', progress: 'not-begun' },
    ])
    expect(lost).toBe(0)
  })

  test('takeRemains() counts what the peer accepted and never sent', async () => {
    using pair = new LinkPair().open()
    const extra = 100
    for (const number of numbers(LINK_LIMITS.windowMessages + extra)) pair.connect.post(`${number}`)
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === LINK_LIMITS.windowMessages)

    pair.connect.close()
    await pair.bind.drained()

    expect(pair.bind.takeRemains().lost).toBe(extra)
  })

  test('settled() and writeOffMessages() take the remains out of the account that outlives both sides', async () => {
    using pair = new LinkPair().open()
    for (const number of numbers(3)) pair.bind.post(`${number}`)
    for (const number of numbers(LINK_LIMITS.windowMessages + 5)) pair.connect.post(`${number}`)
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === LINK_LIMITS.windowMessages)
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 3)
    pair.connect.close()
    const before = unsettledMessages(pair.bindEnd)

    const remains = pair.bind.takeRemains()
    pair.bind.settled(remains.returned.length)
    const settled = unsettledMessages(pair.bindEnd)
    writeOffMessages(pair.bindEnd, remains.lost)
    const writtenOff = unsettledMessages(pair.bindEnd)
    for (const { slot } of pair.bindInbox.messages) pair.bind.finish(slot)

    const window = LINK_LIMITS.windowMessages
    expect([before, settled, writtenOff, unsettledMessages(pair.bindEnd)]).toEqual([window + 8, window + 5, window, 0])
  })

  test('drained() resolves when the messages of a peer that has closed were received', async () => {
    using pair = new LinkPair().open()
    pair.connect.post('1')
    await pair.bindInbox.until(() => pair.bindInbox.messages.length === 1)
    for (const number of numbers(3000)) pair.connect.post(`${number}`)
    await pair.connect.sent()

    pair.connect.close()
    await pair.bind.drained()

    expect(pair.bindInbox.messages).toHaveLength(3001)
  })

  test('drained() resolves for a peer that came and went before this side opened', async () => {
    using pair = new LinkPair()
    pair.connect.open(pair.connectEnd)
    for (const number of numbers(100)) pair.connect.post(`${number}`)
    await pair.connect.sent()

    pair.connect.close()
    pair.bind.open(pair.bindEnd)
    await pair.bind.drained()

    const { lost } = pair.bind.takeRemains()
    expect(pair.bindInbox.messages.length + lost).toBe(100)
  })

  test('close() resolves whoever waits and refuses what comes', async () => {
    using pair = new LinkPair()
    for (const number of numbers(LINK_LIMITS.backlogMark)) pair.bind.post(`${number}`)
    const waiting = [pair.bind.ready(), pair.bind.sent()]

    pair.bind.close()
    pair.bind.close()
    await Promise.all(waiting)

    expect(() => pair.bind.post('0')).toThrow(PipeClosedError)
    pair.bind.signal('nobody hears')
    expect(words.held).toBe(0)
  })

  test('open() opens nothing when the link was closed', () => {
    using pair = new LinkPair()
    pair.bind.close()

    pair.bind.open(pair.bindEnd)

    expect(openResources()).toEqual([])
    expect(pair.bind.isClosed).toBe(true)
  })

  test('open() leaves nothing behind when it throws', () => {
    using first = new LinkPair()
    using second = new LinkPair()
    first.bind.open(first.bindEnd)
    second.bind.post('0')

    expect(() => second.bind.open({ ...second.bindEnd, endpoint: first.bindEnd.endpoint })).toThrow(SocketError)

    expect(second.bind.isClosed).toBe(true)
    expect(openResources()).toHaveLength(1)
    expect(words.held).toBe(0)
  })

  test('a hello of another incarnation is not let in', async () => {
    using pair = new LinkPair()
    pair.bind.open(pair.bindEnd)
    pair.connect.open({ ...pair.connectEnd, incarnation: 2 })
    pair.connect.signal('after the hello')
    await pair.bindInbox.until(() => pair.bindInbox.signals.length === 1)

    pair.bind.post('0')
    await Promise.resolve()

    expect(pair.bind.backlog).toBe(1)
  })
})
