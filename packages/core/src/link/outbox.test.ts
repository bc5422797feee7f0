import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LINK_LIMITS } from '../base/values/limits.js'
import type { Block } from './blocks/blocks.js'
import { LEDGER_BYTES, Ledger } from './ledger.js'
import { Outbox, type Undelivered } from './outbox.js'
import { RowBatch, ROWS, type RowShape } from './row-batch.js'

const MEBIBYTE = 1024 * 1024

const ROW_BYTES = 24

/** A block whose memory is a size alone. */
function block(sizeBytes: number): Block {
  return { ticket: 0, memory: { byteLength: sizeBytes } as SharedArrayBuffer, isPooled: true, handedOver: undefined }
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
  readonly released: (readonly Block[])[] = []
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
    this.outbox = new Outbox(blocks => this.released.push(blocks))
    this.outbox.open(new Ledger(memory, 0))
  }

  add(count: number, blockBytes = 0): void {
    for (let i = 0; i < count; i++) {
      const body = String(this.added++)
      this.#sizes.push(body.length + blockBytes)
      this.outbox.add(body, blockBytes === 0 ? undefined : [block(blockBytes)])
    }
  }

  /** Adds rows, all of one size. */
  addRows(count: number, label: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#batch?.takesMore !== true || this.#batch.label !== label) this.#batch = new RowBatch(NUMBERS, label)
      this.#sizes.push(ROW_BYTES)
      this.outbox.addRow(this.#batch, [this.added++], ROW_BYTES)
    }
  }

  /** Gives the peer a frame, if there is one, and checks that what is in it comes next. */
  frame(): boolean {
    const text = this.outbox.nextFrame()
    if (text === undefined) return false
    const batch = alone(JSON.parse(text) as unknown[])
    this.frameSizes.push(batch.length / 2)
    for (let at = 0; at < batch.length; at += 2) {
      const [slot, id] = [batch[at] as number, batch[at + 1] as number]
      if (id !== this.arrived) throw new Error(`message ${id} arrived in place of ${this.arrived}`)
      if (this.#slots.has(slot)) throw new Error(`slot ${slot} was taken twice`)
      this.#slots.add(slot)
      this.received.push({ slot, id, sizeBytes: this.#sizes[id] as number })
      this.arrived += 1
    }
    return true
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

  get bytesAtPeer(): number {
    return this.received.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** What must come back when the peer ends now. */
  get expectedUndelivered(): Pick<Undelivered, 'body' | 'progress'>[] {
    return Array.from({ length: this.added }, (_, id) => id)
      .filter(id => !this.handled.has(id))
      .map(id => ({ body: id, progress: this.begun.has(id) ? 'begun' : 'not-begun' }))
  }

  takeUndelivered(): Pick<Undelivered, 'body' | 'progress'>[] {
    return this.outbox.takeUndelivered().map(({ body, progress }) => ({ body, progress }))
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    do: fc.constant('addRows' as const),
    count: fc.integer({ min: 1, max: 600 }),
    label: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ do: fc.constant('addLarge' as const), mebibytes: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('frame' as const) }),
  fc.record({ do: fc.constant('begin' as const), at: fc.nat(1000) }),
  fc.record({ do: fc.constant('handle' as const), at: fc.nat(1000), count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant('settle' as const) }),
)

describe('Outbox.addFirst()', () => {
  test('puts messages before all that wait, behind replies, and what is added later behind both', () => {
    const { outbox } = new Bench()
    outbox.add('3', undefined)
    for (const body of ['2', '1']) outbox.addFirst(body, undefined)
    outbox.add('4', undefined)
    outbox.addReply('0', undefined)

    const frame = JSON.parse(outbox.nextFrame() as string) as number[]

    expect(frame.filter((_body, index) => index % 2 === 1)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('Outbox.takeBack()', () => {
  /** Rows of one number, which is the message and its key. */
  const KEYED: RowShape<number> = { ...NUMBERS, key: (cells, at) => cells[at] as number }

  test('keeps texts and rows that have not left from leaving, whose turn shows them among the dropped', () => {
    const { outbox } = new Bench()
    const lent = [block(1)]
    const batch = new RowBatch(KEYED, 1)
    outbox.add('1', undefined, 1)
    expect(alone(JSON.parse(outbox.nextFrame() as string) as unknown[])).toEqual([0, 1])
    outbox.add('0', undefined)
    outbox.add('2', lent, 2)
    for (const key of [3, 4, 5, 6]) outbox.addRow(batch, [key], ROW_BYTES)
    outbox.add('7', undefined, 7)

    const isTaken = [1, 2, 3, 5, 7].map(key => outbox.takeBack(key))
    const { mark } = outbox
    const frame = alone(JSON.parse(outbox.nextFrame() as string) as unknown[])

    expect(isTaken).toEqual([false, true, true, true, true])
    expect(frame.filter((_body, index) => index % 2 === 1)).toEqual([0, 4, 6])
    expect(outbox.takeDropped()).toEqual(
      [2, 3, 5, 7].map(body => ({ body, blocks: body === 2 ? lent : undefined, progress: 'not-begun' })),
    )
    expect([outbox.waiting, outbox.hasSent(mark), outbox.takeDropped()]).toEqual([0, true, []])
    expect([4, 7, 8].map(key => outbox.takeBack(key))).toEqual([false, false, false])
  })

  test('gives back with the rest what nobody had the turn to drop', () => {
    const outbox = new Outbox(() => undefined)
    outbox.add('1', undefined, 1)

    outbox.takeBack(1)

    expect(outbox.takeUndelivered().map(({ body }) => body)).toEqual([1])
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
          else if (each.do === 'frame') bench.frame()
          else if (each.do === 'begin') bench.begin(each.at)
          else if (each.do === 'handle') for (let i = 0; i < each.count; i++) bench.handle(each.at + i)
          else bench.outbox.settle()

          expect(bench.outbox.waiting).toBe(bench.added - bench.arrived)
          expect(bench.outbox.sendings).toBe(bench.arrived)
          expect(bench.bytesAtPeer <= LINK_LIMITS.windowBytes || bench.received.length === 1).toBe(true)
        }
        bench.outbox.settle()
        expect(bench.outbox.unhandled).toBe(bench.received.length)
        expect(bench.outbox.unhandledBytes).toBe(bench.bytesAtPeer)
        const expected = bench.expectedUndelivered
        expect(bench.takeUndelivered()).toEqual(expected)
      }),
      { numRuns: 300 },
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
            while (bench.frame());
            for (let left = Math.ceil(bench.received.length * share); left > 0; left--) bench.handle(left % 10)
            bench.outbox.settle()
            expect(bench.received.length).toBeLessThanOrEqual(LINK_LIMITS.windowMessages)
          }
          while (bench.received.length > 0 || bench.outbox.waiting > 0) {
            while (bench.received.length > 0) bench.handle(0)
            bench.outbox.settle()
            while (bench.frame());
          }

          expect(bench.arrived).toBe(bench.added)
          expect(bench.takeUndelivered()).toEqual([])
        },
      ),
      { numRuns: 15 },
    )
  })

  test('nextFrame() stops at the window in messages', () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 10)

    while (bench.frame());

    expect(bench.outbox.unhandled).toBe(LINK_LIMITS.windowMessages)
    expect(bench.outbox.waiting).toBe(10)
  })

  test('nextFrame() stops at the window in bytes', () => {
    const bench = new Bench()
    bench.add(3, LINK_LIMITS.windowBytes / 2 - 100)

    while (bench.frame());

    expect(bench.outbox.unhandled).toBe(2)
  })

  test('nextFrame() lets a message larger than the window travel, alone', () => {
    const bench = new Bench()
    bench.add(1)
    bench.add(1, 3 * LINK_LIMITS.windowBytes)
    bench.add(1)

    while (bench.frame());
    const before = bench.received.map(({ id }) => id)
    bench.handle(0)
    bench.outbox.settle()
    while (bench.frame());
    const after = bench.received.map(({ id }) => id)

    expect([before, after]).toEqual([[0], [1]])
  })

  test('nextFrame() bounds a frame in messages and characters', () => {
    const bench = new Bench()
    bench.add(3 * LINK_LIMITS.frameMessages)

    while (bench.frame());
    const long = new Bench()
    const text = JSON.stringify('x'.repeat(LINK_LIMITS.frameChars / 4))
    for (let i = 0; i < 10; i++) long.outbox.add(text, undefined)
    const frame = long.outbox.nextFrame() as string

    expect(Math.max(...bench.frameSizes)).toBe(LINK_LIMITS.frameMessages)
    expect(frame.length).toBeLessThan(LINK_LIMITS.frameChars + text.length + 100)
  })

  test('nextFrame() sends replies first, also when the window is full', () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 10)
    while (bench.frame());

    bench.outbox.addReply('"first"', undefined)
    bench.outbox.addReply('"second"', undefined)
    const full = JSON.parse(bench.outbox.nextFrame() as string) as unknown[]
    bench.handle(0)
    bench.outbox.settle()
    bench.outbox.addReply('"third"', undefined)
    const open = JSON.parse(bench.outbox.nextFrame() as string) as unknown[]

    expect(full.filter((_, at) => at % 2 === 1)).toEqual(['first', 'second'])
    expect(open.filter((_, at) => at % 2 === 1)).toEqual(['third', LINK_LIMITS.windowMessages])
  })

  test('nextFrame() stops at the window of replies, which is one of their own', () => {
    const bench = new Bench()
    for (let reply = 0; reply < LINK_LIMITS.windowReplies + 10; reply++) bench.outbox.addReply('0', undefined)
    while (bench.outbox.nextFrame() !== undefined);
    const waiting = bench.outbox.waiting

    bench.add(1)
    const isSent = bench.frame()

    expect([waiting, isSent]).toEqual([10, true])
  })

  test('hasSent() says when all that stood before a mark has left, whatever overtakes it', () => {
    const bench = new Bench()
    bench.add(LINK_LIMITS.windowMessages + 1)
    const { mark } = bench.outbox
    while (bench.frame());
    for (let reply = 0; reply < 10; reply++) bench.outbox.addReply('0', undefined)
    bench.outbox.nextFrame()

    const before = bench.outbox.hasSent(mark)
    bench.handle(0)
    bench.outbox.settle()
    bench.frame()

    expect([before, bench.outbox.hasSent(mark)]).toEqual([false, true])
  })

  test('waitingBytes counts text and shared memory', () => {
    const bench = new Bench()

    bench.add(1, 1000)
    const waiting = bench.outbox.waitingBytes
    bench.frame()

    expect([waiting, bench.outbox.waitingBytes]).toEqual([1001, 0])
  })

  test('settle() releases the blocks of what was handled, once', () => {
    const bench = new Bench()
    bench.add(2, 5000)
    bench.frame()
    bench.handle(0)

    const settled = [bench.outbox.settle(), bench.outbox.settle()]

    expect(settled).toEqual([1, 0])
    expect(bench.released).toHaveLength(1)
  })

  test('takeUndelivered() gives blocks back with their messages and leaves the outbox empty', () => {
    const bench = new Bench()
    bench.add(2, 40 * MEBIBYTE)
    bench.frame()

    const undelivered = bench.outbox.takeUndelivered()

    expect(undelivered.map(({ blocks }) => blocks?.length)).toEqual([1, 1])
    expect(bench.released).toEqual([])
    expect(bench.outbox).toMatchObject({ waiting: 0, waitingBytes: 0, unhandled: 0, unhandledBytes: 0 })
    expect(bench.outbox.takeUndelivered()).toEqual([])
  })

  test('takeUndelivered() works before the outbox was opened', () => {
    const outbox = new Outbox(() => undefined)
    outbox.add('1', undefined)

    const undelivered = outbox.takeUndelivered()

    expect(undelivered).toEqual([{ body: 1, blocks: undefined, progress: 'not-begun' }])
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

    while (full.takesMore) outbox.addRow(full, [0], ROW_BYTES)
    outbox.addRow(beforeAnother, [0], ROW_BYTES)
    const open = taking()
    outbox.addRow(beforeText, [0], ROW_BYTES)
    const behindOne = taking()
    outbox.add('0', undefined)
    const behindText = taking()
    outbox.addRow(leaving, [0], ROW_BYTES)
    while (outbox.nextFrame() !== undefined);

    expect([open, behindOne, behindText, taking()]).toEqual([
      [false, true, true, true],
      [false, false, true, true],
      [false, false, false, true],
      [false, false, false, false],
    ])
  })
})
