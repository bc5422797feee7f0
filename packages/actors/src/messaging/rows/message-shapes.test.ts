import type { RowBatch } from '@zera/core/internal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as wire from '../format/message-format.js'
import type { RowEnds } from './message-shape.js'
import { MessageShapes } from './message-shapes.js'
import type { RowSink } from './open-batches.js'

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

  get bodies(): unknown[] {
    return this.batches.flatMap(batch => Array.from({ length: batch.rows }, (_, row) => batch.body(row)))
  }
}

const tellTo = (shapes: MessageShapes, sink: RowSink, to: number, value: unknown, method = 'm') =>
  shapes.post(sink, { kind: wire.TELL, to, from: 0, method, args: [value], correlation: 0 })

describe('MessageShapes.post()', () => {
  test('puts messages of one method to one address into one batch, while they are alike', () => {
    const [shapes, sink] = [new MessageShapes(), new FakeSink()]

    for (const value of [{ a: 1 }, { a: 2 }, { a: 3, b: 1 }, { a: 4, b: 1 }]) tellTo(shapes, sink, 17, value)

    expect(sink.batches.map(({ rows }) => rows)).toEqual([2, 2])
  })

  test('puts messages into one batch that each go to another address, and says the address once when they go to one again', () => {
    const [shapes, sink] = [new MessageShapes(), new FakeSink()]

    for (let sent = 0; sent < 100; sent++) tellTo(shapes, sink, 17 + (sent % 10), sent)
    const scattered = sink.batches.length
    for (let sent = 0; sent < 100; sent++) tellTo(shapes, sink, 17, sent)

    expect(scattered).toBeLessThanOrEqual(2)
    expect(sink.batches.at(-1)).toMatchObject({ label: { to: 17 }, rows: 100 - 16 + 1 })
  })

  test('posts nothing that has no shape, and leaves what is there as it was', () => {
    const [shapes, sink] = [new MessageShapes(), new FakeSink()]
    tellTo(shapes, sink, 17, { a: 1 })

    const posted = [tellTo(shapes, sink, 17, { a: [] }), tellTo(shapes, sink, 17, new Date())]

    expect([posted, sink.bodies]).toEqual([[undefined, undefined], [[wire.TELL, 17, 0, 'm', [{ a: 1 }], 0]]])
  })

  test('leaves nothing behind of a message whose accessor throws, and takes one that sends a message itself', () => {
    const [shapes, sink] = [new MessageShapes(), new FakeSink()]
    const withAccessor = (get: () => unknown): object => Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get })
    tellTo(shapes, sink, 17, { a: 1, b: 1 })

    expect(() =>
      tellTo(
        shapes,
        sink,
        17,
        withAccessor(() => {
          throw new RangeError('no')
        }),
      ),
    ).toThrow(RangeError)
    tellTo(
      shapes,
      sink,
      17,
      withAccessor(() => (tellTo(shapes, sink, 17, { a: 2, b: 2 }), 3)),
    )
    tellTo(shapes, sink, 17, { a: 4, b: 4 })

    expect(sink.bodies.map(body => (body as unknown[])[4])).toEqual([
      [{ a: 1, b: 1 }],
      [{ a: 2, b: 2 }],
      [{ a: 1, b: 3 }],
      [{ a: 4, b: 4 }],
    ])
  })

  test('looks again, now and then, at messages that had no shape', () => {
    const [shapes, sink] = [new MessageShapes(), new FakeSink()]
    tellTo(shapes, sink, 17, [])

    for (let sent = 0; sent < 200; sent++) tellTo(shapes, sink, 17, sent)

    expect(sink.bodies.length).toBeGreaterThan(100)
  })

  test('keeps order, address and content, whatever is sent to whom', () => {
    const message = fc.record({
      to: fc.integer({ min: 17, max: 19 }),
      from: fc.integer({ min: 0, max: 1 }),
      method: fc.constantFrom('a', 'b'),
      value: fc.oneof(fc.integer(), fc.record({ x: fc.string() }, { noNullPrototype: true }), fc.constant(undefined)),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 100 }), messages => {
        const [shapes, sink] = [new MessageShapes(), new FakeSink()]

        // The others go as text, in their turn.
        const inRows = messages.filter(
          ({ to, from, method, value }) =>
            shapes.post(sink, { kind: wire.ASK, to, from, method, args: [value], correlation: 7 }) !== undefined,
        )

        const expected = inRows.map(({ to, from, method, value }) => [wire.ASK, to, from, method, [value], 7])
        const plain = sink.bodies.map(body =>
          Array.isArray((body as unknown[])[4]) ? body : [...(body as unknown[]).slice(0, 4), [undefined], 7],
        )
        expect(plain).toEqual(expected)
      }),
    )
  })
})
