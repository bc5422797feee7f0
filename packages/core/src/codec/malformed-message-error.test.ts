import { describe, expect, it } from 'vitest'
import { VIEW_TYPES } from './binary.js'
import { decodeValues } from './codec.js'
import { MalformedMessageError } from './malformed-message-error.js'
import {
  AGAIN,
  ARRAY,
  BIGINT,
  BOXED,
  BUFFER,
  DATE,
  DOUBLES,
  END,
  ERROR,
  EXTENSION,
  INTEGERS,
  LATER,
  LIST,
  MAP,
  NO_REPEATS,
  NUMBER,
  NUMBERS,
  PAIR,
  RECORD,
  REGEXP,
  REPEATS,
  SET,
  SHAPE,
  TEXT,
  TEXTS,
  VIEW,
} from './parts.js'

const [BYTES, SHORTS, BUFFERS] = ['Uint8Array', 'Int16Array', 'Buffer'].map(type =>
  VIEW_TYPES.findIndex(each => each === type),
) as [number, number, number]

/** A message of one value. */
function message(
  codes: readonly unknown[],
  { numbers = [], texts = [], shapes = [] }: { numbers?: unknown[]; texts?: unknown[]; shapes?: unknown[] } = {},
): unknown[] {
  return [[REPEATS, 1, ...codes], numbers, texts, shapes, ['AQID']]
}

const shape = (...definition: unknown[]): { shapes: string[] } => ({ shapes: [JSON.stringify(definition)] })

describe('decodeValues(), for what encodeValues() does not write', () => {
  it.each<[what: string, parsed: unknown]>([
    ['null', null],
    ['a number', 5],
    ['a text', 'text'],
    ['an object', {}],
    ['nothing', []],
    ['a part less', [[NO_REPEATS, 0], [], []]],
    ['codes that are none', [['0', 0], [], [], []]],
    ['no code', [[], [], [], []]],
    ['numbers that are none', [[NO_REPEATS, 1, NUMBER], ['1'], [], []]],
    ['a number too many', [[NO_REPEATS, 0], [1], [], []]],
    ['a text too many', [[NO_REPEATS, 0], [], ['a'], []]],
    ['a code too many', [[NO_REPEATS, 0, NUMBER], [], [], []]],
    ['texts that are none', [[NO_REPEATS, 1, TEXT], [], [1], []]],
    ['binaries that are none', [[NO_REPEATS, 0], [], [], [], [5]]],
    ['too few values', [[NO_REPEATS, 2, TEXT], [], ['a'], []]],
    ['a billion values', [[NO_REPEATS, 1e9], [], [], []]],
    ['a code of no kind', message([31])],
    ['half a code', message([0.5])],
    ['a negative code', message([-1])],
    ['a text that is missing', message([TEXT])],
    ['a bigint that is none', message([BIGINT], { texts: ['0x1'] })],
    ['a bigint without digits', message([BIGINT], { texts: ['-'] })],
    ['itself', message([AGAIN, 0])],
    ['an object before the first', message([AGAIN, -1])],
    ['half an object', message([AGAIN, 0.5])],
    ['an object again where there are no repeats', [[NO_REPEATS, 2, RECORD, END, AGAIN, 0], [], [], []]],
    ['a list with too few items', message([LIST, 2, END])],
    ['a list of a billion', message([LIST, 1e9, NUMBERS, 1e9])],
    ['a run beyond its list', message([LIST, 1, NUMBERS, 2], { numbers: [1, 2] })],
    ['a run beyond its stream', message([LIST, 2, TEXTS, 2], { texts: ['a'] })],
    ['an empty run', message([LIST, 1, NUMBERS, 0])],
    ['a list of minus one', message([LIST, -1])],
    ['doubles of a binary that is missing', message([DOUBLES, 1, 0])],
    ['doubles of another length', message([DOUBLES, 0, 1])],
    ['integers of another length', message([INTEGERS, 0, 0.75])],
    ['an array without a length', message([ARRAY, 0, END])],
    ['an array of a wrong length', message([ARRAY, 0, END], { numbers: [2 ** 32] })],
    ['an array that is longer', message([ARRAY, 1, NUMBER, END], { numbers: [7, 0] })],
    ['an array with a length', message([ARRAY, 0, PAIR, NUMBER, END], { numbers: [0, -5], texts: ['length'] })],
    ['a record without an end', message([RECORD])],
    ['a record without keys', message([RECORD, PAIR, NUMBER, END], { numbers: [1] })],
    ['a record without a pair', message([RECORD, NUMBER, END], { numbers: [1] })],
    ['a record of a shape that is missing', message([SHAPE])],
    ['a record of a shape without numbers', message([SHAPE], shape('n', 'a'))],
    ['a record of a shape without texts', message([SHAPE], shape('t', 'a'))],
    ['a record of a shape without a constant', message([SHAPE], shape('c', 'a'))],
    ['a record of a shape with another constant', message([SHAPE, NUMBER], { ...shape('c', 'a'), numbers: [1] })],
    ['a shape that is none', message([SHAPE], { shapes: ['{'] })],
    ['a shape that is a number', message([SHAPE], { shapes: ['5'] })],
    ['a shape without kinds', message([SHAPE], { shapes: ['[]'] })],
    ['a shape with too few keys', message([SHAPE], shape('n'))],
    ['a shape with keys that are none', message([SHAPE], shape('n', 1))],
    ['a shape of unknown kinds', message([SHAPE], shape('x', 'a'))],
    ['a shape of too many keys', message([SHAPE], shape('c'.repeat(33), ...Array.from({ length: 33 }, () => 'c')))],
    ['nothing that is later', message([LATER])],
    ['a number that is later', message([LATER, NUMBER], { numbers: [1] })],
    ['what never comes', message([LATER, LIST])],
    ['a Map that comes as a list', message([LATER, MAP, LIST, 0])],
    ['a list that comes as a record', message([LATER, LIST, SHAPE], shape(''))],
    ['an error that comes as a record', message([LATER, ERROR, 0, RECORD, END], { texts: ['Error', 'Error'] })],
    ['a record that comes as an error', message([LATER, RECORD, ERROR, 0, END, END], { texts: ['Error', 'Error'] })],
    ['a date without a time', message([DATE])],
    ['a date beyond time', message([DATE], { numbers: [1e300] })],
    ['an expression that is none', message([REGEXP], { texts: ['(', ''] })],
    ['an expression with unknown flags', message([REGEXP], { texts: ['a', 'zz'] })],
    ['a boxed object', message([BOXED, LIST, 0])],
    ['a boxed constant', message([BOXED, LATER, LIST, LIST, 0])],
    ['half an entry of a Map', message([MAP, 1, TEXT], { texts: ['a'] })],
    ['a Set without members', message([SET])],
    ['an error of no class', message([ERROR, 0, END, END], { texts: ['Object', 'x'] })],
    ['an error of what is no class', message([ERROR, 0, END, END], { texts: ['constructor', 'x'] })],
    ['an error without a name', message([ERROR, 0, END, END], { texts: ['Error'] })],
    ['an error without its message', message([ERROR, 1, END, END], { texts: ['Error', 'x'] })],
    ['an error without data', message([ERROR, 0, END], { texts: ['Error', 'x'] })],
    ['a binary that is missing', message([BUFFER, 1], { numbers: [-1] })],
    ['a binary that is no base64', [[NO_REPEATS, 1, BUFFER, 0], [-1], [], [], ['A*ID']]],
    ['a binary that grows to less', message([BUFFER, 0], { numbers: [2] })],
    ['a binary that grows to nothing', message([BUFFER, 0])],
    ['a view beyond its buffer', message([VIEW, BYTES, BUFFER, 0], { numbers: [-1, 2, 2] })],
    ['a view off its grid', message([VIEW, SHORTS, BUFFER, 0], { numbers: [-1, 1, 1] })],
    ['a view of a list', message([VIEW, BYTES, LIST, 0], { numbers: [0, 0] })],
    ['a view of no type', message([VIEW, 99, BUFFER, 0], { numbers: [-1, 0, 0] })],
    ['a Buffer beyond its buffer', message([VIEW, BUFFERS, BUFFER, 0], { numbers: [-1, 2, 2] })],
    ['a Buffer of minus one', message([VIEW, BUFFERS, BUFFER, 0], { numbers: [-1, 0, -1] })],
    ['a Buffer before its buffer', message([VIEW, BUFFERS, BUFFER, 0], { numbers: [-1, -1, 1] })],
    ['a view without a length', message([VIEW, BYTES, BUFFER, 0], { numbers: [-1, 0] })],
    ['a view of itself', message([VIEW, BYTES, AGAIN, 0], { numbers: [0, 1] })],
    ['data without its extension', message([EXTENSION], { texts: ['1'] })],
    ['a thousand lists', message([...Array.from({ length: 1000 }, () => [LIST, 1]).flat(), LIST, 0])],
  ])('throws a MalformedMessageError: %s', (_what, parsed) => {
    expect(() => decodeValues(structuredClone(parsed))).toThrow(MalformedMessageError)
  })

  it('throws a MalformedMessageError for data of an extension that is no JSON', () => {
    const extension = { encode: () => undefined, decode: (data: unknown) => data }

    expect(() => decodeValues(message([EXTENSION], { texts: ['{'] }), extension)).toThrow(MalformedMessageError)
  })

  it('takes time by its size, whatever it claims', () => {
    const many = Array.from({ length: 20_000 }, () => SHAPE)

    expect(() =>
      decodeValues(
        message([LIST, many.length, ...many], shape('n'.repeat(32), ...Array.from({ length: 32 }, () => 'n'))),
      ),
    ).toThrow(MalformedMessageError)
  })

  it('changes no prototype', () => {
    const keys = ['__proto__', 'constructor', 'length', 'toString']
    const pairs = keys.slice(0, 2).flatMap(() => [PAIR, SHAPE, NUMBER])
    const hostile = shape('vv', '__proto__', 'polluted')
    const inside = [LIST, 0, LIST, 0]
    const messages = [
      message([SHAPE, ...inside], hostile),
      message([LIST, 100, ...Array.from({ length: 100 }, () => [SHAPE, ...inside]).flat()], hostile),
      message([RECORD, ...pairs, END], { ...shape('v', 'polluted'), texts: keys.slice(0, 2), numbers: [1, 1] }),
      message([ARRAY, 0, ...pairs, END], { ...shape('v', 'polluted'), texts: keys.slice(0, 2), numbers: [1, 1, 0] }),
      message([ERROR, 0, ...pairs, END, ...pairs, END], {
        ...shape('v', 'polluted'),
        texts: ['Error', '__proto__', ...keys.slice(0, 2), ...keys.slice(0, 2)],
        numbers: [1, 1, 1, 1],
      }),
      message([LATER, RECORD, SHAPE, ...inside], hostile),
    ]

    for (const each of messages) {
      try {
        decodeValues(each)
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError)
      }
    }

    expect('polluted' in {}).toBe(false)
    expect('polluted' in Object).toBe(false)
    expect(Object.getPrototypeOf(Error.prototype)).toBe(Object.prototype)
  })
})
