import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PipeFullError } from '../base/errors/errors.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { words } from '../words/this-thread.js'
import { RowBatch, ROWS, type RowShape } from './batches/row-batch.js'
import type { Block } from './blocks/blocks.js'
import { spaceAt, viewsOf } from './blocks/memory-space.js'
import { LEDGER_BYTES, Ledger } from './ledger.js'
import type { Returned } from './link-receiver.js'
import { Outbox, type OutboxOptions } from './outbox.js'

const MEBIBYTE = 1024 * 1024

const ROW_BYTES = 24

/** A block whose memory is a size alone. */
function block(sizeBytes: number): Block {
  const memory = new SharedArrayBuffer(0)
  return {
    slab: 1,
    ticket: 0,
    handle: '',
    memory,
    space: spaceAt(viewsOf(memory), 0),
    sizeBytes,
    handedOver: undefined,
  }
}

/** Rows of one number, which is the message. */
const NUMBERS: RowShape<number> = {
  lane: 'messages',
  width: 1,
  heading: label => `["numbers",${label}]`,
  body: (_label, cells, at) => cells[at],
}

/** The rows of a frame as if each had been posted alone. */
function alone(frame: readonly unknown[]): number[] {
  const messages: unknown[] = []
  for (let at = 0; at < frame.length; at += 2) {
    if (frame[at] !== ROWS) messages.push(frame[at], frame[at + 1])
    else {
      const [heading, runs, cells] = frame[at + 1] as [[string, number], number[], unknown[]]
      expect(heading[0]).toBe('numbers')
      const slots = runs.flatMap((first, index) =>
        index % 2 === 0 ? Array.from({ length: runs[index + 1] as number }, (_, place) => first + place) : [],
      )
      expect(slots.length).toBe(cells.length)
      messages.push(...slots.flatMap((slot, row) => [slot, cells[row]]))
    }
  }
  return messages as number[]
}

interface Received {
  readonly slot: number
  readonly id: number
  readonly sizeBytes: number
}

/** An outbox whose messages are numbers, with its peer. */
class Bench {
  readonly outbox: Outbox
  readonly peer: Ledger
  /** The blocks of the message that is posted next. */
  lent: readonly Block[] | undefined
  readonly released: (readonly Block[])[] = []
  /** The blocks of messages that came back. */
  readonly kept: Block[] = []
  readonly dropped: unknown[] = []
  /** What the peer has and has not handled, in no order. */
  readonly received: Received[] = []
  readonly begun = new Set<number>()
  readonly handled = new Set<number>()
  readonly frameSizes: number[] = []
  added = 0
  arrived = 0
  readonly #sizes: number[] = []
  readonly #slots = new Set<number>()
  #batch: RowBatch<number> | undefined

  constructor() {
    const memory = new SharedArrayBuffer(LEDGER_BYTES)
    this.peer = new Ledger(memory, 0)
    this.outbox = new Outbox(this.options)
    this.outbox.open(new Ledger(memory, 0))
  }

  get options(): OutboxOptions {
    return {
      name: 'bench',
      receiver: { dropped: body => this.dropped.push(body) },
      accepted: () => undefined,
      sendsBatches: true,
      blocks: {
        lentBytes: 0,
        block: () => expect.fail('It sends texts and rows'),
        takeLent: () => {
          const { lent } = this
          this.lent = undefined
          return lent
        },
        release: blocks => this.released.push(blocks),
        keep: blocks => this.kept.push(...blocks),
        abandon: () => undefined,
      },
    }
  }

  add(count: number, blockBytes = 0): void {
    for (let i = 0; i < count; i++) {
      const body = String(this.added++)
      this.#sizes.push(body.length + blockBytes)
      if (blockBytes > 0) this.lent = [block(blockBytes)]
      this.outbox.postAlways(body)
    }
  }

  /** Adds rows, all of one size; where the backlog is at its limit, each must be refused. */
  addRows(count: number, label: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#isFull) {
        expect(() => this.outbox.postRow(new RowBatch(NUMBERS, label), [this.added], ROW_BYTES)).toThrow(PipeFullError)
        continue
      }
      if (this.#batch?.takesMore !== true || this.#batch.label !== label) this.#batch = new RowBatch(NUMBERS, label)
      this.#sizes.push(ROW_BYTES)
      this.outbox.postRow(this.#batch, [this.added++], ROW_BYTES)
    }
  }

  /** Gives the peer all frames that there are, and checks that what is in them comes next. */
  flush(): void {
    this.outbox.flush(frame => this.#take(frame))
  }

  #take(text: string): void {
    const batch = alone(JSON.parse(text) as unknown[])
    this.frameSizes.push(batch.length / 2)
    for (let at = 0; at < batch.length; at += 2) {
      const [slot, id] = [batch[at] as number, batch[at + 1] as number]
      if (id !== this.arrived) throw new Error(`message ${id} arrived instead of ${this.arrived}`)
      if (this.#slots.has(slot)) throw new Error(`slot ${slot} was taken twice`)
      this.#slots.add(slot)
      this.received.push({ slot, id, sizeBytes: this.#sizes[id] as number })
      this.arrived += 1
    }
  }

  /** The peer begins what stands at a place. */
  begin(at: number): void {
    const message = this.received[at % Math.max(this.received.length, 1)]
    if (message === undefined) return
    this.peer.begin(message.slot)
    this.begun.add(message.id)
  }

  /** The peer handles what stands at a place. */
  handle(at: number): void {
    const place = at % Math.max(this.received.length, 1)
    const message = this.received[place]
    const last = this.received.pop()
    if (message === undefined || last === undefined) return
    if (last !== message) this.received[place] = last
    this.#slots.delete(message.slot)
    this.peer.finish(message.slot)
    this.handled.add(message.id)
  }

  get #isFull(): boolean {
    const waiting = this.#sizes.slice(this.arrived)
    const bytes = waiting.reduce((sum, size) => sum + size, 0)
    return waiting.length >= LINK_LIMITS.backlogMessages || bytes >= LINK_LIMITS.backlogBytes
  }

  get bytesAtPeer(): number {
    return this.received.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** What must come back when the peer ends now. */
  get expectedReturned(): Returned[] {
    return Array.from({ length: this.added }, (_, id) => id)
      .filter(id => !this.handled.has(id))
      .map(id => ({ body: id, progress: this.begun.has(id) ? 'begun' : 'not-begun' }))
  }
}

/** The messages of all frames that there are, without their slots. */
function flushed(outbox: Outbox): unknown[] {
  const frames: number[] = []
  outbox.flush(frame => frames.push(...alone(JSON.parse(frame) as unknown[])))
  return frames.filter((_body, at) => at % 2 === 1)
}

const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    do: fc.constant('addRows' as const),
    count: fc.integer({ min: 1, max: 600 }),
    label: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ do: fc.constant('addLarge' as const), mebibytes: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('flush' as const) }),
  fc.record({ do: fc.constant('begin' as const), at: fc.nat(1000) }),
  fc.record({ do: fc.constant('handle' as const), at: fc.nat(1000), count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant('settle' as const) }),
)

describe('Outbox.postAhead()', () => {
  test('puts messages before all that wait, behind replies, and what is added later behind both', () => {
    const { outbox } = new Bench()
    outbox.post('3')
    for (const body of ['2', '1']) outbox.postAhead(body)
    outbox.post('4')
    outbox.postReply('0')

    expect(flushed(outbox)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('Outbox.takeBack()', () => {
  /** Rows of one number, which is the message and its key. */
  const KEYED: RowShape<number> = { ...NUMBERS, key: (cells, at) => cells[at] as number }

  test('keeps texts and rows that have not left from leaving, which are dropped when their turn comes', async () => {
    const bench = new Bench()
    const { outbox } = bench
    const lent = [block(1)]
    const batch = new RowBatch(KEYED, 1)
    outbox.post('1', 1)
    expect(flushed(outbox)).toEqual([1])
    outbox.post('0')
    bench.lent = lent
    outbox.post('2', 2)
    for (const key of [3, 4, 5, 6]) outbox.postRow(batch, [key], ROW_BYTES)
    outbox.post('7', 7)

    const isTaken = [1, 2, 3, 5, 7].map(key => outbox.takeBack(key))
    const sent = outbox.sent()
    const bodies = flushed(outbox)
    await sent

    expect(isTaken).toEqual([false, true, true, true, true])
    expect(bodies).toEqual([0, 4, 6])
    expect([bench.dropped, bench.kept, outbox.backlog]).toEqual([[2, 3, 5, 7], lent, 0])
    expect(bench.peer.accepted).toBe(4)
    expect([4, 7, 8].map(key => outbox.takeBack(key))).toEqual([false, false, false])
  })

  test('gives back with the rest what had no turn to be dropped', () => {
    const { outbox } = new Bench()
    outbox.post('1', 1)

    outbox.takeBack(1)

    expect(outbox.takeReturned().map(({ body }) => body)).toEqual([1])
  })
})

describe('Outbox', () => {
  test('keeps order, loses and duplicates nothing, and stays within the window, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const bench = new Bench()
        for (const each of steps) {
          if (each.do === 'add') bench.add(each.count)
          else if (each.do === 'addRows') bench.addRows(each.count, each.label)
          else if (each.do === 'addLarge') bench.add(1, each.mebibytes * MEBIBYTE)
          else if (each.do === 'flush') bench.flush()
          else if (each.do === 'begin') bench.begin(each.at)
          else if (each.do === 'handle') for (let i = 0; i < each.count; i++) bench.handle(each.at + i)
          else expect(bench.outbox.unhandled).toBe(bench.received.length)

          expect(bench.outbox.backlog).toBe(bench.added - bench.arrived)
          expect(bench.bytesAtPeer <= LINK_LIMITS.windowBytes || bench.received.length === 1).toBe(true)
        }
        const { sent, unhandled } = bench.outbox.statistics
        expect([sent, unhandled]).toEqual([bench.arrived, bench.received.length])
        const expected = bench.expectedReturned
        expect(bench.outbox.takeReturned()).toEqual(expected)
      }),
      {
        numRuns: 300,
        // The backlog at its limit in bytes, which a random run seldom reaches.
        examples: [
          [
            [
              ...[90, 72, 94].map(mebibytes => ({ do: 'addLarge' as const, mebibytes })),
              { do: 'addRows', count: 2, label: 1 },
              { do: 'flush' },
              { do: 'addRows', count: 2, label: 1 },
            ],
          ],
        ],
      },
    )
  })

  test('everything arrives in order when the peer goes on handling', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            count: fc.integer({ min: 1, max: 9000 }),
            asRows: fc.boolean(),
            share: fc.double({ min: 0.1, max: 1, noNaN: true }),
          }),
          { maxLength: 6 },
        ),
        rounds => {
          const bench = new Bench()
          for (const { count, asRows, share } of rounds) {
            if (asRows) bench.addRows(count, 1)
            else bench.add(count)
            bench.flush()
            for (let left = Math.ceil(bench.received.length * share); left > 0; left--) bench.handle(left % 10)
            expect(bench.received.length).toBeLessThanOrEqual(LINK_LIMITS.windowMessages)
          }
          while (bench.received.length > 0 || bench.outbox.backlog > 0) {
            while (bench.received.length > 0) bench.handle(0)
            bench.flush()
          }

          expect(bench.arrived).toBe(bench.added)
          expect(bench.outbox.takeReturned()).toEqual([])
        },
      ),
      { numRuns: 15 },
    )
  })

  test('flush() stops at the window in messages', () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 10)

    bench.flush()

    expect([bench.outbox.unhandled, bench.outbox.backlog]).toEqual([LINK_LIMITS.windowMessages, 10])
  })

  test('flush() stops at the window in bytes', () => {
    const bench = new Bench()
    bench.add(3, LINK_LIMITS.windowBytes / 2 - 100)

    bench.flush()

    expect(bench.outbox.unhandled).toBe(2)
  })

  test('flush() lets a message larger than the window travel, alone', () => {
    const bench = new Bench()
    bench.add(1)
    bench.add(1, 3 * LINK_LIMITS.windowBytes)
    bench.add(1)

    bench.flush()
    const before = bench.received.map(({ id }) => id)
    bench.handle(0)
    bench.flush()
    const after = bench.received.map(({ id }) => id)

    expect([before, after]).toEqual([[0], [1]])
  })

  test('flush() bounds each frame in messages and bytes', () => {
    const bench = new Bench()
    bench.add(3 * LINK_LIMITS.frameMessages)
    bench.flush()
    const long = new Bench()
    const text = JSON.stringify('x'.repeat(LINK_LIMITS.maxFrameBytes / 4))
    for (let i = 0; i < 10; i++) long.outbox.post(text)

    const frames: string[] = []
    long.outbox.flush(frame => frames.push(frame))

    expect(Math.max(...bench.frameSizes)).toBe(LINK_LIMITS.frameMessages)
    expect(frames.length).toBeGreaterThan(1)
    expect(Math.max(...frames.map(frame => frame.length))).toBeLessThan(LINK_LIMITS.maxFrameBytes + text.length + 100)
  })

  test('flush() sends replies first, also when the window is full', () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 10)
    bench.flush()

    bench.outbox.postReply('"first"')
    bench.outbox.postReply('"second"')
    const full = flushed(bench.outbox)
    bench.handle(0)
    bench.outbox.postReply('"third"')
    const open = flushed(bench.outbox)

    expect(full).toEqual(['first', 'second'])
    expect(open).toEqual(['third', LINK_LIMITS.windowMessages])
  })

  test('flush() stops at the window of replies, which is one of their own', () => {
    const bench = new Bench()
    for (let reply = 0; reply < LINK_LIMITS.windowReplies + 10; reply++) bench.outbox.postReply('0')
    flushed(bench.outbox)
    const waiting = bench.outbox.backlog

    bench.add(1)
    bench.flush()

    expect([waiting, bench.arrived]).toEqual([10, 1])
  })

  test('flush() releases the blocks of what was handled, once', () => {
    const bench = new Bench()
    bench.add(2, 5000)
    bench.flush()
    bench.handle(0)

    bench.flush()
    bench.flush()

    expect(bench.released).toHaveLength(1)
  })

  test('sent() resolves when all that stood before has left, whatever overtakes it', async () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 1)
    let isSent = false
    const sent = bench.outbox.sent().then(() => (isSent = true))
    bench.flush()
    for (let reply = 0; reply < 10; reply++) bench.outbox.postReply('0')
    flushed(bench.outbox)
    await new Promise<void>(resolve => setImmediate(resolve))
    const before = isSent

    bench.handle(0)
    bench.flush()
    await sent

    expect([before, isSent]).toEqual([false, true])
  })

  test('statistics count text and shared memory that waits', () => {
    const bench = new Bench()

    bench.add(1, 1000)
    const { waitingToSendBytes } = bench.outbox.statistics
    bench.flush()

    expect([waitingToSendBytes, bench.outbox.statistics.waitingToSendBytes]).toEqual([1001, 0])
  })

  test('takeReturned() keeps blocks for their messages and leaves the outbox empty', () => {
    const bench = new Bench()
    bench.add(2, 40 * MEBIBYTE)
    bench.flush()

    const returned = bench.outbox.takeReturned()

    expect([returned.length, bench.kept.length, bench.released]).toEqual([2, 2, []])
    expect(bench.outbox.statistics).toMatchObject({ waitingToSend: 0, waitingToSendBytes: 0, unhandled: 0 })
    expect(bench.outbox.takeReturned()).toEqual([])
  })

  test('takeReturned() works before the outbox is open, and its thread holds what it gives back until that is settled', () => {
    const outbox = new Outbox(new Bench().options)
    outbox.post('1')

    const returned = outbox.takeReturned()
    const held = [words.held]
    outbox.settled(1)
    held.push(words.held)

    expect([returned, held]).toEqual([[{ body: 1, progress: 'not-begun' }], [1, 0]])
  })

  test('a batch takes more until it is full, something else comes behind it, or it leaves', () => {
    const { outbox } = new Bench()
    const batches = Array.from({ length: 4 }, () => new RowBatch(NUMBERS, 1)) as [
      RowBatch,
      RowBatch,
      RowBatch,
      RowBatch,
    ]
    const [full, beforeAnother, beforeText, leaving] = batches
    const taking = (): boolean[] => batches.map(batch => batch.takesMore)

    while (full.takesMore) outbox.postRow(full, [0], ROW_BYTES)
    outbox.postRow(beforeAnother, [0], ROW_BYTES)
    const open = taking()
    outbox.postRow(beforeText, [0], ROW_BYTES)
    const behindOne = taking()
    outbox.post('0')
    const behindText = taking()
    outbox.postRow(leaving, [0], ROW_BYTES)
    flushed(outbox)

    expect([open, behindOne, behindText, taking()]).toEqual([
      [false, true, true, true],
      [false, false, true, true],
      [false, false, false, true],
      [false, false, false, false],
    ])
  })
})
