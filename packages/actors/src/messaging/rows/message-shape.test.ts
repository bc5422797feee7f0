import { encodeValues } from '@zera/core/internal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as format from '../format/message-format.js'
import { MessageShape, type RowHeading, type RowKind } from './message-shape.js'

/** Looks like a plain object, and is an instance. */
class Point {
  a = 1
}

const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
// JSON writes most of these with escapes.
const escaped = fc
  .array(fc.constantFrom('\\', '"', '\n', '\u0001', 'n', 'a', '\ud800'), { maxLength: 3 })
  .map(parts => parts.join(''))
const record = fc.dictionary(fc.oneof(fc.string({ unit: 'binary' }), escaped), cell, {
  maxKeys: 5,
  noNullPrototype: true,
})
const values = fc.array(
  fc.oneof(
    cell,
    record,
    fc.constant(undefined),
    fc.anything({ withDate: true, withTypedArray: true, withNullPrototype: true }),
  ),
  { maxLength: 4 },
)
const kind = fc.constantFrom<RowKind>(format.TELL, format.ASK, format.OPEN, format.ANSWER, format.ITEM)

const ENDS = { to: 17, from: 18 }

/** Sends rows through JSON, as a link does, and reads them with what their heading says. */
function through(
  sent: MessageShape,
  rows: readonly (readonly unknown[])[],
): { correlation: number; values: unknown[] }[] {
  const cells = JSON.parse(JSON.stringify(cellsOf(sent, rows))) as unknown[]
  const [name, to, from] = JSON.parse(sent.heading(ENDS)) as RowHeading
  expect({ to, from }).toEqual(ENDS)
  const shape = MessageShape.named(name)
  return rows.map((_, row) => ({
    correlation: shape.correlation(cells, row * shape.width),
    values: shape.values(cells, row * shape.width),
  }))
}

function cellsOf(shape: MessageShape, rows: readonly (readonly unknown[])[]): unknown[] {
  const cells: unknown[] = []
  for (const [index, row] of rows.entries())
    expect(shape.write(cells, ENDS.to, ENDS.from, index, row)).toBeGreaterThan(0)
  return cells
}

/** The message that the last of some rows stands for. */
function lastBody(shape: MessageShape, rows: readonly (readonly unknown[])[]): unknown {
  return shape.body(ENDS, cellsOf(shape, rows), (rows.length - 1) * shape.width)
}

describe('MessageShape', () => {
  test('brings values as structuredClone does, whatever they are, or says that they have no shape', () => {
    fc.assert(
      fc.property(kind, values, fc.boolean(), (of, sent, isAddressed) => {
        const plain = MessageShape.of(of, 'method', sent)
        if (plain === undefined) return
        const shape = isAddressed ? plain.addressed() : plain
        const correlation = of === format.TELL ? 0 : 1

        const arrived = through(shape, [sent, sent])

        const expected = structuredClone(sent)
        expect(arrived).toStrictEqual([
          { correlation: 0, values: expected },
          { correlation, values: expected },
        ])
        const alone = lastBody(plain, [sent])
        expect(JSON.parse(JSON.stringify(alone))).toStrictEqual(alone)
        expect(arrived.map(message => message.values.map(value => Object.keys(value ?? {})))).toEqual(
          [expected, expected].map(all => all.map(value => Object.keys(value ?? {}))),
        )
      }),
      { numRuns: 2000 },
    )
  })

  test('has a shape for what most messages are', () => {
    const shaped: unknown[][] = [
      [],
      [1],
      ['a', true, null],
      [undefined],
      [{}],
      [{ id: 1, v: 'hello' }],
      [{ a: 1 }, 2, { b: '' }],
    ]

    expect(shaped.map(each => MessageShape.of(format.TELL, 'm', each) !== undefined)).toEqual(shaped.map(() => true))
  })

  test('has none where a cell or a plain object would not do', () => {
    const shared = { a: 1 }
    const shapeless: unknown[][] = [
      [Number.NaN],
      [-0],
      [Infinity],
      [1n],
      [Symbol('s')],
      [() => 1],
      [[1]],
      [new Date()],
      [Object.create(null)],
      [new Point()],
      [new Proxy({}, {})],
      [{ a: undefined }],
      [{ a: {} }],
      [{ a: -0 }],
      [JSON.parse('{"__proto__": 1}')],
      [shared, shared],
      Array.from({ length: 9 }, () => 1),
    ]

    expect(shapeless.filter(each => MessageShape.of(format.TELL, 'm', each) !== undefined)).toEqual([])
  })

  test.each<[string, unknown[]]>([
    ['another number of values', [{ a: 1 }]],
    ['a key more', [{ a: 1, b: 2, c: 3 }, 1]],
    ['a key less', [{ a: 1 }, 1]],
    ['other keys', [{ a: 1, c: 2 }, 1]],
    ['another order of keys', [{ b: 1, a: 2 }, 1]],
    ['what is no cell', [{ a: 1, b: [] }, 1]],
    ['an object for a cell', [{ a: 1, b: 2 }, {}]],
    ['a cell for an object', [1, 1]],
    ['an instance', [Object.assign(new Point(), { b: 2 }), 1]],
  ])('write() refuses %s', (_what, sent) => {
    const shape = MessageShape.of(format.TELL, 'm', [{ a: 1, b: 2 }, 3]) as MessageShape

    expect(shape.write([], 1, 0, 0, sent)).toBe(-1)
  })

  test('write() refuses one object in two places', () => {
    const shape = MessageShape.of(format.TELL, 'm', [{ a: 1 }, { a: 1 }]) as MessageShape
    const shared = { a: 1 }

    expect([shape.write([], 1, 0, 0, [shared, shared]), shape.write([], 1, 0, 0, [{ a: 1 }, { a: 2 }]) > 0]).toEqual([
      -1,
      true,
    ])
  })

  test('body() is the message as it would have been sent alone', () => {
    const ask = lastBody(MessageShape.of(format.ASK, 'add', [{ a: 1 }, 'x']) as MessageShape, [
      [{ a: 1 }, 'x'],
      [{ a: 2 }, 'y'],
    ])
    const nothing = lastBody(MessageShape.of(format.ANSWER, '', [undefined]) as MessageShape, [[undefined]])

    const scattered = lastBody((MessageShape.of(format.ASK, 'add', ['x']) as MessageShape).addressed(), [['x'], ['y']])

    expect(ask).toEqual([format.ASK, 17, 18, 'add', JSON.parse(encodeValues([{ a: 2 }, 'y'])), 1])
    expect(scattered).toEqual([format.ASK, 17, 18, 'add', JSON.parse(encodeValues(['y'])), 1])
    expect(JSON.parse(JSON.stringify(nothing))).toEqual(nothing)
  })
})
