import { decodeValues, type RowBatch } from '@zera/core/internal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as format from '../format/message-format.js'
import type { RowEnds } from './message-shape.js'
import { RowWriter, type RowSink } from './row-writer.js'

/** Keeps its batches, and closes one when it gets another, as the lane of a link does. */
class FakeSink implements RowSink {
  readonly batches: RowBatch<RowEnds>[] = []

  postRow(batch: RowBatch<RowEnds>, cells: readonly unknown[], bytes: number): boolean {
    batch.add(cells, bytes)
    const last = this.batches.at(-1)
    if (batch === last) return true
    last?.close()
    this.batches.push(batch)
    return true
  }

  /** With the values that their texts stand for. */
  get bodies(): unknown[] {
    return this.batches
      .flatMap(batch => Array.from({ length: batch.rows }, (_, row) => batch.body(row)))
      .map(body => (body as unknown[]).with(4, decodeValues((body as unknown[])[4])))
  }
}

const tellTo = (writer: RowWriter, to: number, value: unknown, method = 'm') =>
  writer.post({ kind: format.TELL, to, from: 0, method, args: [value], correlation: 0 })

describe('RowWriter.post()', () => {
  test('puts messages of one method to one address into one batch, while they are alike', () => {
    const sink = new FakeSink()
    const writer = new RowWriter(sink)

    for (const value of [{ a: 1 }, { a: 2 }, { a: 3, b: 1 }, { a: 4, b: 1 }]) tellTo(writer, 17, value)

    expect(sink.batches.map(({ rows }) => rows)).toEqual([2, 2])
  })

  test('puts messages into one batch that each go to another address, and says the address once when they go to one again', () => {
    const sink = new FakeSink()
    const writer = new RowWriter(sink)

    for (let sent = 0; sent < 100; sent++) tellTo(writer, 17 + (sent % 10), sent)
    const scattered = sink.batches.length
    for (let sent = 0; sent < 100; sent++) tellTo(writer, 17, sent)

    expect(scattered).toBeLessThanOrEqual(2)
    expect(sink.batches.at(-1)).toMatchObject({ label: { to: 17 }, rows: 100 - 16 + 1 })
  })

  test('posts nothing that has no shape, and leaves what is there as it was', () => {
    const sink = new FakeSink()
    const writer = new RowWriter(sink)
    tellTo(writer, 17, { a: 1 })

    const posted = [tellTo(writer, 17, { a: [] }), tellTo(writer, 17, new Date())]

    expect([posted, sink.bodies]).toEqual([[undefined, undefined], [[format.TELL, 17, 0, 'm', [{ a: 1 }], 0]]])
  })

  test('leaves nothing behind of a message whose accessor throws, and takes one that sends a message itself', () => {
    const sink = new FakeSink()
    const writer = new RowWriter(sink)
    const withAccessor = (get: () => unknown): object => Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get })
    tellTo(writer, 17, { a: 1, b: 1 })

    expect(() =>
      tellTo(
        writer,
        17,
        withAccessor(() => {
          throw new RangeError('no')
        }),
      ),
    ).toThrow(RangeError)
    tellTo(
      writer,
      17,
      withAccessor(() => (tellTo(writer, 17, { a: 2, b: 2 }), 3)),
    )
    tellTo(writer, 17, { a: 4, b: 4 })

    expect(sink.bodies.map(body => (body as unknown[])[4])).toEqual([
      [{ a: 1, b: 1 }],
      [{ a: 2, b: 2 }],
      [{ a: 1, b: 3 }],
      [{ a: 4, b: 4 }],
    ])
  })

  test('looks again, now and then, at messages that had no shape', () => {
    const sink = new FakeSink()
    const writer = new RowWriter(sink)
    tellTo(writer, 17, [])

    for (let sent = 0; sent < 200; sent++) tellTo(writer, 17, sent)

    expect(sink.bodies.length).toBeGreaterThan(100)
  })

  test('keeps order, address and content, whatever is sent to which actor', () => {
    const message = fc.record({
      to: fc.integer({ min: 17, max: 19 }),
      from: fc.integer({ min: 0, max: 1 }),
      method: fc.constantFrom('a', 'b'),
      value: fc.oneof(fc.integer(), fc.record({ x: fc.string() }, { noNullPrototype: true }), fc.constant(undefined)),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 100 }), messages => {
        const sink = new FakeSink()
        const writer = new RowWriter(sink)

        // The others go as text, in their turn.
        const inRows = messages.filter(
          ({ to, from, method, value }) =>
            writer.post({ kind: format.ASK, to, from, method, args: [value], correlation: 7 }) !== undefined,
        )

        const expected = inRows.map(({ to, from, method, value }) => [format.ASK, to, from, method, [value], 7])
        expect(sink.bodies).toEqual(expected)
      }),
    )
  })
})
