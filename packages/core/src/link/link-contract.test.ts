import { describe, expect, test } from 'vitest'
import { PipeClosedError, PipeFullError } from '../base/errors/errors.js'
import { openResources } from '../base/owning/resources.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { LINK_KINDS, opened, type Side } from '../fixtures/link-kinds.js'
import { ROW_WIDTH, type Inbox } from '../fixtures/link-pair.js'
import { words } from '../words/this-thread.js'
import { RowBatch, type RowShape } from './row-batch.js'

expectNoLeaksAfterEach()

const WINDOW = LINK_LIMITS.windowMessages

/** A row of two values, and the message that it stands for. */
const pairsOfValues = (lane: 'messages' | 'replies'): RowShape<string> => ({
  lane,
  width: ROW_WIDTH,
  heading: label => JSON.stringify(label),
  body: (heading, cells, at) => ({ heading, values: cells.slice(at, at + ROW_WIDTH) }),
})

describe.each(LINK_KINDS)('a $name', ({ createPair }) => {
  test('post() delivers both ways, in order', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    const sent = numbers(5000)

    for (const number of sent) {
      bind.link.outbox.post(`${number}`)
      connect.link.outbox.post(`-${number}`)
    }
    await arrived(connect.inbox, sent.length)
    await arrived(bind.inbox, sent.length)

    expect(connect.inbox.bodies).toEqual(sent)
    expect(bind.inbox.bodies).toEqual(sent.map(number => -number))
  })

  test.each(['bind', 'connect'] as const)('the %s side may open first', async role => {
    await using pair = await createPair()
    const [first, second] = [pair[role], pair[role === 'bind' ? 'connect' : 'bind']]

    first.open()
    first.link.outbox.post('1')
    second.open()
    second.link.outbox.post('2')
    await arrived(second.inbox, 1)
    await arrived(first.inbox, 1)

    expect([first.inbox.bodies, second.inbox.bodies]).toEqual([[2], [1]])
  })

  test('what is posted before open() waits for it, on the account of its thread: replies go first, then what was put ahead', async () => {
    await using pair = await createPair()
    const { bind, connect } = pair
    for (const number of [2, 3]) bind.link.outbox.post(`${number}`)
    for (const number of [1, 0]) bind.link.outbox.postAhead(`${number}`)
    bind.link.outbox.postReply('"reply"')
    const held = words.held

    opened(pair)
    const holds = words.held
    await arrived(connect.inbox, 5)

    expect([held, holds]).toEqual([5, 0])
    expect(connect.inbox.bodies).toEqual(['reply', 0, 1, 2, 3])
  })

  test('a peer that handles nothing gets a window of messages, and the rest as it goes on', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    const sent = numbers(2 * WINDOW)
    for (const number of sent) bind.link.outbox.post(`${number}`)
    await arrived(connect.inbox, WINDOW)
    const { length: atMost } = await throughAgain(bind, connect)

    for (let handled = 0; handled < sent.length + 1; handled++) {
      await arrived(connect.inbox, handled + 1)
      connect.link.finish(slotAt(connect.inbox, handled))
    }

    expect(atMost).toBe(WINDOW + 1)
    expect(connect.inbox.bodies.toSpliced(WINDOW, 1)).toEqual(sent)
  })

  test('postReply() reaches a peer that handles nothing, and postAlways() waits its turn', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    for (const number of numbers(WINDOW + 1)) bind.link.outbox.post(`${number}`)
    await arrived(connect.inbox, WINDOW)

    bind.link.outbox.postAlways('"in turn"')
    bind.link.outbox.postReply('"reply"')
    await arrived(connect.inbox, WINDOW + 1)
    for (const at of [0, 1]) connect.link.finish(slotAt(connect.inbox, at))
    await arrived(connect.inbox, WINDOW + 3)

    expect(connect.inbox.bodies.slice(WINDOW)).toEqual(['reply', WINDOW, 'in turn'])
  })

  test('postRow() brings the message that the row stands for, in its turn', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair

    bind.link.outbox.post('"before"')
    const batch = new RowBatch(pairsOfValues('messages'), 'pairs')
    for (const number of [1, 2]) bind.link.outbox.postRow(batch, [number, `${number}`], 10)
    bind.link.outbox.post('"after"')
    postPair(bind, 'replies', 3)
    await arrived(connect.inbox, 5)

    expect(connect.inbox.bodies).toEqual([pairOf(3), 'before', pairOf(1), pairOf(2), 'after'])
  })

  test('post() and postRow() return false at the mark in messages, and ready() waits below it', async () => {
    await using pair = await createPair()
    const { bind } = pair
    const answers = numbers(LINK_LIMITS.backlogMark).map(number =>
      number % 2 === 0 ? bind.link.outbox.post(`${number}`) : postPair(bind, 'messages', number),
    )
    const ready = bind.link.outbox.ready()

    opened(pair)
    await ready

    expect(answers.indexOf(false)).toBe(LINK_LIMITS.backlogMark - 1)
    expect(bind.link.outbox.backlog).toBeLessThan(LINK_LIMITS.backlogMark)
  })

  test('post() returns false at the mark in bytes, before it throws', async () => {
    await using pair = await createPair()
    const { bind } = pair
    const mebibyte = JSON.stringify('x'.repeat(1024 * 1024))
    const answers: boolean[] = []

    while (answers.at(-1) !== false) answers.push(bind.link.outbox.post(mebibyte))
    const ready = bind.link.outbox.ready()
    opened(pair)
    await ready

    expect(answers).toHaveLength(LINK_LIMITS.backlogMarkBytes / (1024 * 1024))
  })

  test('throws a PipeFullError at the limit, and takes no message with it, but what belongs to others that were accepted', async () => {
    await using pair = await createPair()
    const { link } = pair.bind
    for (const number of numbers(LINK_LIMITS.backlogMessages)) link.outbox.post(`${number}`)

    expect(() => link.outbox.post('0')).toThrow(PipeFullError)
    expect(() => postPair(pair.bind, 'messages', 0)).toThrow(PipeFullError)
    expect(link.outbox.backlog).toBe(LINK_LIMITS.backlogMessages)
    link.outbox.postAlways('0')
    link.outbox.postAhead('0')
    link.outbox.postReply('0')
    postPair(pair.bind, 'replies', 0)
    expect(link.outbox.backlog).toBe(LINK_LIMITS.backlogMessages + 4)
  })

  test('takeRemains() gives back what the peer did not finish, and says what it had begun', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    for (const number of numbers(3)) bind.link.outbox.post(`{"number":${number}}`)
    postPair(bind, 'messages', 3)
    await arrived(connect.inbox, 4)
    connect.link.begin(slotAt(connect.inbox, 0))
    connect.link.finish(slotAt(connect.inbox, 0))
    connect.link.begin(slotAt(connect.inbox, 2))
    bind.link.outbox.post('"never sent"')

    connect.link.close()
    const { returned, lost } = await bind.takeRemains()

    expect(returned).toEqual([
      { body: { number: 1 }, progress: 'not-begun' },
      { body: { number: 2 }, progress: 'begun' },
      { body: pairOf(3), progress: 'not-begun' },
      { body: 'never sent', progress: 'not-begun' },
    ])
    expect(lost).toBe(0)
  })

  test('takeRemains() knows what was finished after the peer had closed', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    bind.link.outbox.post('0')
    await arrived(connect.inbox, 1)
    connect.link.begin(slotAt(connect.inbox, 0))

    connect.link.close()
    connect.link.finish(slotAt(connect.inbox, 0))

    expect(await bind.takeRemains()).toEqual({ returned: [], lost: 0 })
  })

  test('takeRemains() counts what the peer accepted and never sent', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    const extra = 100
    for (const number of numbers(WINDOW + extra)) connect.link.outbox.post(`${number}`)
    await arrived(bind.inbox, WINDOW)

    connect.link.close()

    expect(await bind.takeRemains()).toEqual({ returned: [], lost: extra })
  })

  test('takeRemains() knows all that a peer had sent which has closed', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    connect.link.outbox.post('0')
    await arrived(bind.inbox, 1)
    for (const number of numbers(3000)) connect.link.outbox.post(`${number}`)
    await connect.link.outbox.ready(1)

    connect.link.close()

    expect(await bind.takeRemains()).toEqual({ returned: [], lost: 0 })
    expect(bind.inbox.messages).toHaveLength(3001)
  })

  test('takeRemains() accounts for a peer that came and went before this side opened', async () => {
    await using pair = await createPair()
    const { bind, connect } = pair
    connect.open()
    for (const number of numbers(100)) connect.link.outbox.post(`${number}`)
    await new Promise<void>(resolve => setImmediate(resolve))

    connect.link.close()
    bind.open()
    const { lost } = await bind.takeRemains()

    expect(bind.inbox.messages.length + lost).toBe(100)
  })

  test('settled() takes what was given back out of the account that outlives both sides', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    for (const number of numbers(3)) bind.link.outbox.post(`${number}`)
    await arrived(connect.inbox, 3)
    connect.link.close()
    const before = bind.unsettled()

    const { returned } = await bind.takeRemains()
    bind.link.outbox.settled(returned.length - 1)

    expect([before, bind.unsettled()]).toEqual([3, 1])
  })

  test('takeRemains() of a link that was never open leaves what it gives back on the account of its thread until it is settled', async () => {
    await using pair = await createPair()
    const { link } = pair.bind
    for (const number of numbers(3)) link.outbox.post(`${number}`)

    const { returned } = link.takeRemains()
    const held = [words.held]
    link.close()
    held.push(words.held)
    link.outbox.settled(returned.length)
    held.push(words.held)

    expect(held).toEqual([3, 3, 0])
  })

  test('refused() tells of messages that were finished and had never been begun, and of no reply', async () => {
    await using pair = opened(await createPair())
    const { bind, connect } = pair
    for (const number of numbers(3)) bind.link.outbox.post(`${number}`)
    bind.link.outbox.postReply('"reply"')
    await arrived(connect.inbox, 4)
    const slotOf = (wanted: unknown): number => slotAt(connect.inbox, connect.inbox.bodies.indexOf(wanted))
    connect.link.begin(slotOf(1))
    for (const body of [1, 2, 'reply']) connect.link.finish(slotOf(body))
    connect.link.close()

    const { returned } = await bind.takeRemains()

    expect(bind.inbox.refusals).toEqual([2])
    expect(returned.map(({ body }) => body)).toEqual([0])
  })

  test('close() resolves whoever waits and refuses what comes', async () => {
    await using pair = await createPair()
    const { link } = pair.bind
    for (const number of numbers(LINK_LIMITS.backlogMark)) link.outbox.post(`${number}`)
    const ready = link.outbox.ready()

    link.close()
    link.close()
    await ready

    expect(() => link.outbox.post('0')).toThrow(PipeClosedError)
    expect(() => link.outbox.postAlways('0')).toThrow(PipeClosedError)
    expect(() => link.outbox.postAhead('0')).toThrow(PipeClosedError)
    expect(() => link.outbox.postReply('0')).toThrow(PipeClosedError)
    expect(() => postPair(pair.bind, 'messages', 0)).toThrow(PipeClosedError)
    expect(() => postPair(pair.bind, 'replies', 0)).toThrow(PipeClosedError)
    expect(words.held).toBe(0)
  })

  test('open() opens nothing when the link was closed', async () => {
    await using pair = await createPair()
    const before = openResources()
    pair.bind.link.close()

    pair.bind.open()

    expect(openResources()).toEqual(before)
    expect(pair.bind.link.isClosed).toBe(true)
  })
})

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

function arrived(inbox: Inbox, messages: number): Promise<void> {
  return inbox.until(() => inbox.messages.length >= messages)
}

function slotAt({ messages }: Inbox, at: number): number {
  return (messages[at] as { slot: number }).slot
}

/** Sends a reply, behind which nothing is under way that could have come before. Returns what has arrived then. */
async function throughAgain(from: Side, to: Side): Promise<unknown[]> {
  from.link.outbox.postReply('"reply"')
  await to.inbox.until(() => to.inbox.bodies.includes('reply'))
  return to.inbox.bodies
}

function postPair({ link }: Side, lane: 'messages' | 'replies', number: number): boolean {
  return link.outbox.postRow(new RowBatch(pairsOfValues(lane), 'pairs'), [number, `${number}`], 10)
}

function pairOf(number: number): unknown {
  return { heading: 'pairs', values: [number, `${number}`] }
}
