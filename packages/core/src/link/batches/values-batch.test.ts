import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NotCloneableError, PipeClosedError } from '../../base/errors/errors.js'
import { LINK_LIMITS } from '../../base/values/limits.js'
import { decodeValues } from '../../codec/codec.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { LinkPair } from '../../fixtures/links/link-pair.js'
import type { Block } from '../blocks/blocks.js'
import { spaceAt, viewsOf } from '../blocks/memory-space.js'
import type { Way } from '../outbox.js'
import { SlotRuns } from './batch.js'
import type { MessageFormat } from './message-format.js'
import { ValuesBatch } from './values-batch.js'

expectNoLeaksAfterEach()

const KIB = 1024

/** Messages that show their head and key beside their values. */
const SHOWN: MessageFormat = {
  body: (head, key, values) => [head, key, values],
  text: (head, key, values) => JSON.stringify([head, key, JSON.parse(values)]),
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('x'.repeat(300), 'ÿ'.repeat(2000), 'ж'.repeat(301), '😀'.repeat(70 * KIB)),
)
const anyBytes = fc
  .tuple(fc.constantFrom(0, 1, 7, 8, 600, 5000, 70 * KIB), fc.nat(250))
  .map(([length, seed]) => Uint8Array.from({ length }, (_, at) => (at + seed) % 251))
const anyNumbers = fc
  .tuple(fc.constantFrom(31, 32, 1000), fc.constantFrom(1, 0.5))
  .map(([length, factor]) => Array.from({ length }, (_, at) => at * factor))
const value = fc.oneof(
  anyText,
  anyBytes,
  anyNumbers,
  fc.record({ id: fc.integer(), name: anyText, list: fc.array(fc.record({ at: fc.double(), ok: fc.boolean() })) }),
  fc.anything({ withDate: true, withTypedArray: true, withMap: true, withSet: true, withBigInt: true }),
)
const post = fc.record({
  way: fc.constantFrom<Way>('message', 'message', 'message', 'reply', 'always'),
  head: fc.constantFrom([], ['a'], ['a', 1], ['b']),
  key: fc.nat(5),
  values: fc.array(value, { maxLength: 3 }),
})

/** A pair whose messages have values and heads. */
function openPair(format = SHOWN): LinkPair {
  return new LinkPair(format).open()
}

/** What has arrived, in slots of a kind, with its values read. */
function readAll(
  { connectInbox: { messages } }: LinkPair,
  isWanted: (slot: number) => boolean = () => true,
): unknown[] {
  return messages
    .filter(({ slot }) => isWanted(slot))
    .map(({ body }) => {
      const [head, key, values] = body as unknown[]
      return { head, key, values: decodeValues(values) }
    })
}

function handleAll({ connect, connectInbox }: LinkPair): void {
  for (const { slot } of connectInbox.messages) {
    connect.begin(slot)
    connect.finish(slot)
  }
}

describe('Outbox.postValues()', () => {
  test('brings all values as structuredClone does, in the order of each way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(post, { minLength: 1, maxLength: 20 }), async posts => {
        using pair = openPair()
        for (const { way, head, key, values } of posts) pair.bind.outbox.postValues(way, head, key, values)

        await pair.connectInbox.until(() => pair.connectInbox.messages.length === posts.length)

        for (const isReply of [true, false]) {
          const sent = posts.filter(({ way }) => (way === 'reply') === isReply)
          const arrived = readAll(pair, slot => slot >= LINK_LIMITS.windowMessages === isReply)
          const wanted = sent.map(({ head, key, values }) => ({ head, key, values: structuredClone(values) }))
          // Many times as fast as an expectation about each element.
          expect(isDeepStrictEqual(arrived, wanted)).toBe(true)
        }
        handleAll(pair)
      }),
      { numRuns: 150 },
    )
  })

  test('reads a message whenever it is asked for, until that is finished, in any order', async () => {
    using pair = openPair()
    for (const key of [1, 2, 3]) pair.bind.outbox.postValues('message', [], key, [{ key }, 'x'.repeat(1000 * key)])
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 3)

    const backwards = pair.connectInbox.bodies.toReversed().map(body => decodeValues((body as unknown[])[2]))

    expect(backwards).toEqual([3, 2, 1].map(key => [{ key }, 'x'.repeat(1000 * key)]))
  })

  test('leaves nothing of a message that cannot travel, and the others whole', async () => {
    using pair = openPair()
    const { outbox } = pair.bind
    const shared = { a: 1 }
    const refused: unknown[][] = [
      [shared, new Uint8Array(100), 'x'.repeat(500), () => 1],
      [Array.from({ length: 50 }, (_, at) => at), { deep: [Symbol('no')] }],
      [
        {
          first: new Map([['a', shared]]),
          get broken(): never {
            throw new RangeError('broken')
          },
        },
      ],
    ]

    for (const [at, values] of refused.entries()) {
      outbox.postValues('message', [], at, [{ at }, new Uint8Array([at]), shared, shared])
      expect(() => outbox.postValues('message', [], 9, values)).toThrow(at === 2 ? RangeError : NotCloneableError)
    }
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 3)

    expect(readAll(pair)).toEqual(
      [0, 1, 2].map(at => ({ head: [], key: at, values: [{ at }, new Uint8Array([at]), shared, shared] })),
    )
  })

  test('an accessor may post itself, or close the link', async () => {
    using pair = openPair()
    const { outbox } = pair.bind
    const posts = (number: number, inner: unknown[]): object => ({
      number,
      get posted() {
        return outbox.postValues('message', [], 10 + number, inner)
      },
      bytes: new Uint8Array(20).fill(number),
    })
    outbox.postValues('message', [], 1, ['first'])
    outbox.postValues('message', [], 2, [posts(2, [{ inner: 'x'.repeat(300) }])])
    outbox.postValues('message', [], 3, [posts(3, [posts(4, [new Uint8Array(3)])])])
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 6)

    expect(readAll(pair).map(message => (message as { key: number }).key)).toEqual([1, 12, 2, 14, 13, 3])
    expect(readAll(pair)[2]).toEqual({
      head: [],
      key: 2,
      values: [{ number: 2, posted: true, bytes: new Uint8Array(20).fill(2) }],
    })
    const closes = {
      get closed() {
        pair.bind.close()
        return true
      },
    }
    expect(() => outbox.postValues('message', [], 5, [closes])).toThrow(PipeClosedError)
  })

  test('fills the window, and sends the rest of a batch when there is room', async () => {
    using pair = openPair()
    const messages = LINK_LIMITS.windowMessages + 300
    for (let key = 0; key < messages; key++) pair.bind.outbox.postValues('message', ['h'], key, [{ key, list: [key] }])

    await pair.connectInbox.until(() => pair.connectInbox.messages.length === LINK_LIMITS.windowMessages)
    const first = readAll(pair)
    handleAll(pair)
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === messages)

    expect(first.concat(readAll(pair).slice(first.length))).toEqual(
      Array.from({ length: messages }, (_, key) => ({ head: ['h'], key, values: [{ key, list: [key] }] })),
    )
  })

  test('fills a frame with so many bytes, also when they are in blocks', async () => {
    using pair = openPair()
    const large = 'x'.repeat(32 * KIB)
    const count = (4 * LINK_LIMITS.maxFrameBytes) / large.length
    const frames: string[] = []

    for (let key = 1; key <= count; key++) pair.bind.outbox.postValues('message', [], key, [large])
    pair.bind.outbox.flush(frame => frames.push(frame))

    // A frame ends with the batch that fills it.
    expect([frames.length >= 2, frames.length <= 4]).toEqual([true, true])
  })

  test('gives back what was not handled, as it was when it was posted', async () => {
    using pair = openPair()
    const bytes = new Uint8Array(100).fill(1)
    const posted = [[{ a: [1, 2] }], [bytes, 'ж'.repeat(400)], [new Uint8Array(200 * KIB).fill(7)], ['x', { b: {} }]]
    const kept = structuredClone(posted)
    for (const [at, values] of posted.entries()) pair.bind.outbox.postValues('message', ['h', at], at + 1, values)
    bytes.fill(2)
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === posted.length)
    const [first, second] = pair.connectInbox.messages
    for (const { slot } of [first, second] as { slot: number }[]) pair.connect.begin(slot)
    pair.connect.finish(first?.slot as number)
    pair.bind.outbox.postValues('message', ['h', 4], 5, ['never sent'])

    pair.connect.close()
    const { returned } = pair.bind.takeRemains()

    expect(
      returned.map(({ body, progress }) => {
        const [head, key, values] = body as unknown[]
        return { head, key, values: decodeValues(values), progress }
      }),
    ).toEqual([
      { head: ['h', 1], key: 2, values: kept[1], progress: 'begun' },
      { head: ['h', 2], key: 3, values: kept[2], progress: 'not-begun' },
      { head: ['h', 3], key: 4, values: kept[3], progress: 'not-begun' },
      { head: ['h', 4], key: 5, values: ['never sent'], progress: 'not-begun' },
    ])
  })

  test('brings binaries beyond what the blocks of a link can take, also when the window cuts batches in two', async () => {
    using pair = openPair()
    const bytesOf = (number: number): Uint8Array => new Uint8Array(20_000 + 7 * number).fill(number)
    const numbers = Array.from({ length: 3000 }, (_, number) => number)
    for (const number of numbers) pair.bind.outbox.postValues('always', [], number, [bytesOf(number)])
    const wrong: number[] = []

    for (let handled = 0; handled < numbers.length; handled += 50) {
      await pair.connectInbox.until(() => pair.connectInbox.messages.length >= handled + 50)
      for (const { body, slot } of pair.connectInbox.messages.slice(handled, handled + 50)) {
        const [, number, values] = body as [unknown, number, unknown]
        if (!isDeepStrictEqual(decodeValues(values), [bytesOf(number)])) wrong.push(number)
        pair.connect.finish(slot)
      }
    }

    expect(wrong).toEqual([])
  })

  test('a message that is taken back does not leave, and its neighbours do', async () => {
    using pair = new LinkPair(SHOWN)
    for (const key of [1, 2, 3])
      pair.bind.outbox.postValues('message', ['h'], key, [{ key, bytes: new Uint8Array(key) }])

    const isTakenBack = pair.bind.outbox.takeBack(2)
    pair.open()
    await pair.connectInbox.until(() => pair.connectInbox.messages.length === 2)

    expect(isTakenBack).toBe(true)
    expect(readAll(pair).map(message => (message as { values: unknown[] }).values)).toEqual(
      [1, 3].map(key => [{ key, bytes: new Uint8Array(key) }]),
    )
    const [dropped] = pair.bindInbox.takenBack as unknown[][]
    expect([dropped?.[1], decodeValues(dropped?.[2])]).toEqual([2, [{ key: 2, bytes: new Uint8Array(2) }]])
  })
})

describe('ValuesBatch', () => {
  test('has its blocks until the last of its messages was handled', () => {
    const taken: Block[] = []
    const batch = new ValuesBatch(SHOWN, { block: sizeBytes => takeBlock(taken, sizeBytes) })
    for (const fill of [1, 2, 3]) {
      batch.write([new Uint8Array(3000).fill(fill), 'x'.repeat(600)], undefined)
      batch.add([], fill)
    }
    batch.close()
    const slots = new SlotRuns()
    for (const slot of [5, 6, 7]) slots.add(slot)
    batch.text(0, 3, slots)

    const freed = [batch.freed(), batch.freed(), batch.freed()]

    expect(freed.map(blocks => blocks.length)).toEqual([0, 0, taken.length])
    expect(taken.length).toBeGreaterThan(1)
    expect(new Set(freed[2])).toEqual(new Set(taken))
  })

  test('has its messages in their block alone once they have left, and gives them back from there', () => {
    const taken: Block[] = []
    const batch = new ValuesBatch(SHOWN, { block: sizeBytes => takeBlock(taken, sizeBytes) })
    const all = [['a'.repeat(600), 1.5], [{ name: 'a'.repeat(10), bytes: new Uint8Array([7]) }], ['a'.repeat(700)]]
    for (const [key, values] of all.entries()) {
      batch.write(values, undefined)
      batch.add([key], key)
    }
    batch.close()
    const slots = new SlotRuns()
    for (const slot of [5, 6, 7]) slots.add(slot)

    batch.text(0, 3, slots)
    for (const { space } of taken) replaceAll(space.bytes, 'a', 'b')
    const bodies = [2, 0, 1].map(row => batch.body(row) as [unknown, number, unknown])

    expect(bodies.map(([head, key, values]) => [head, key, decodeValues(values)])).toEqual([
      [[2], 2, ['b'.repeat(700)]],
      [[0], 0, ['b'.repeat(600), 1.5]],
      [[1], 1, [{ name: 'b'.repeat(10), bytes: new Uint8Array([7]) }]],
    ])
  })

  test('leaves nothing of a message for which there is no memory, and the others whole', () => {
    const taken: Block[] = []
    let isFull = false
    const batch = new ValuesBatch(SHOWN, {
      block: sizeBytes => {
        if (isFull) throw new RangeError('Array buffer allocation failed')
        return takeBlock(taken, sizeBytes)
      },
    })
    const add = (key: number, values: unknown[]): void => {
      batch.write(values, undefined)
      batch.add([], key)
    }
    add(1, [new Uint8Array(10).fill(1), 'first'])
    isFull = true
    expect(() => add(2, [new Uint8Array(10).fill(2), new Uint8Array(10_000), 'none'])).toThrow(RangeError)
    isFull = false
    add(3, [new Uint8Array(1000).fill(3), { last: true }])
    const large = new ValuesBatch(SHOWN, { block: () => expect.fail('full') })
    large.write(['x'.repeat(100 * KIB)], undefined)

    expect(() => large.add([], 1)).toThrow('full')
    expect([batch.rows, large.rows]).toEqual([2, 0])
    batch.close()
    expect(
      [0, 1].map(row => {
        const [, key, values] = batch.body(row) as [unknown, number, unknown]
        return [key, decodeValues(values)]
      }),
    ).toEqual([
      [1, [new Uint8Array(10).fill(1), 'first']],
      [3, [new Uint8Array(1000).fill(3), { last: true }]],
    ])
  })

  test('a large message is better by itself, and so is nothing else', () => {
    const batch = new ValuesBatch(SHOWN, { block: sizeBytes => takeBlock([], sizeBytes) })
    const isForOne = (values: unknown[]): boolean => {
      batch.write(values, undefined)
      const { isForOne: answer } = batch
      batch.takeBack()
      return answer
    }
    const alone = isForOne([new Uint8Array(KIB * KIB)])
    batch.write(['small'], undefined)
    batch.add([], 1)

    expect([
      alone,
      isForOne(['small']),
      isForOne([new Uint8Array(KIB * KIB)]),
      isForOne(['x'.repeat(100 * KIB)]),
    ]).toEqual([false, false, true, true])
  })
})

/** Replaces a letter in the texts of a block, but not in names of properties. */
function replaceAll(bytes: Buffer, from: string, to: string): void {
  for (let at = bytes.indexOf(from.repeat(10)); at >= 0 && bytes[at] === from.charCodeAt(0); at++)
    bytes[at] = to.charCodeAt(0)
  if (bytes.includes(from.repeat(10))) replaceAll(bytes, from, to)
}

function takeBlock(taken: Block[], sizeBytes: number): Block {
  const memory = new SharedArrayBuffer(Math.ceil(sizeBytes / 8) * 8)
  const block = {
    slab: taken.length + 1,
    ticket: 0,
    memory,
    handle: `[${taken.length + 1},0,0,${memory.byteLength}]`,
    space: spaceAt(viewsOf(memory), 0),
    sizeBytes: memory.byteLength,
    handedOver: undefined,
  }
  taken.push(block)
  return block
}
