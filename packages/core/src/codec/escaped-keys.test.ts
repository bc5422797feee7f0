import { describe, expect, it } from 'vitest'
import { hasEscapedKey } from '../base/values/parse-json.js'
import { decodeValues, encodeValues } from './codec.js'
import type { CodecExtension } from './extension.js'

const roundTrip = (value: unknown, extension?: CodecExtension): unknown =>
  decodeValues(JSON.parse(encodeValues([value], extension)), extension)[0]

/** Keys, each of which V8 13 to 15 read as the one before it, once there was an object with that one. */
const ALIKE = [
  ['\\', '"'],
  ['\\', '\n'],
  ['\\', '\u0001'],
  ['\\', '\ud800'],
  ['a\\', 'a\t'],
  ['\\n', '\nX'],
  ['\\u', '\u0001X'],
  ['\\u0001', '\u0001bcdef'],
  ['\\\\', '\\n'],
  ['中\\', '中\n'],
  [`${'long '.repeat(20)}\\`, `${'long '.repeat(20)}"`],
] as const

describe('encodeValues() and decodeValues(), for keys that JSON writes with escapes', () => {
  it.each(ALIKE)('keep %j and %j apart, message after message and in one', (one, other) => {
    const values = [
      { [one]: 1 },
      { [other]: 2 },
      { b: [1], [one]: { [one]: 1 } },
      { b: [1], [other]: { [other]: 2 } },
      [{ [one]: [1] }, { [other]: [2] }],
      { [one]: 1, [other]: 2 },
    ]

    expect(values.map(value => roundTrip(value))).toEqual(values)
    expect(decodeValues(JSON.parse(encodeValues(values)))).toEqual(values)
  })

  it('keep the order of keys, and __proto__ a key', () => {
    const value = JSON.parse('{"a":1,"q\\"":2,"__proto__":3,"b":4,"7":5}') as object

    const arrived = roundTrip(value) as object

    expect(Object.entries(arrived)).toEqual([
      ['7', 5],
      ['a', 1],
      ['q"', 2],
      ['__proto__', 3],
      ['b', 4],
    ])
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype)
  })

  it('keep what is shared and cyclic, before such a key and behind it', () => {
    const shared = { '\n': 1 }
    const value: Record<string, unknown> = { before: shared, '"': [shared], behind: shared }
    value['\\'] = value

    const arrived = roundTrip(value) as Record<string, unknown>

    expect(arrived['\\']).toBe(arrived)
    expect([arrived['"'], arrived['behind']]).toEqual([[shared], shared])
    expect(arrived['behind']).toBe(arrived['before'])
    expect((arrived['"'] as unknown[])[0]).toBe(arrived['before'])
  })

  it('keep such keys at any depth', () => {
    let value: object = { '\\': 'innermost' }
    for (let depth = 0; depth < 1000; depth++) value = { [depth % 2 === 0 ? '"' : '\\']: value, '\n': depth }

    let arrived = roundTrip(value) as Record<string, unknown>

    for (let depth = 999; depth >= 0; depth--) {
      expect(arrived['\n']).toBe(depth)
      arrived = arrived[depth % 2 === 0 ? '"' : '\\'] as Record<string, unknown>
    }
    expect(arrived).toEqual({ '\\': 'innermost' })
  })

  it('read each property once, and leave out those that an accessor removes', () => {
    let reads = 0
    const value: Record<string, unknown> = {}
    Object.defineProperty(value, 'a', { enumerable: true, get: () => (reads += 1) })
    Object.defineProperty(value, '"', { enumerable: true, get: () => (delete value['\n'], (reads += 1)) })
    value['\n'] = 'removed'
    value['\t'] = 'stays'

    expect(roundTrip(value)).toEqual({ a: 1, '"': 2, '\t': 'stays' })
    expect(reads).toBe(2)
  })

  it('leave out of an error what cannot travel, and keep the rest', () => {
    const error = Object.assign(new Error('broken'), { '"': 1, '\n': () => 1, '\t': { '\\': 2 }, code: 'E' })

    const arrived = roundTrip(error) as Error

    expect(Object.entries(arrived)).toEqual([
      ['"', 1],
      ['\t', { '\\': 2 }],
      ['code', 'E'],
    ])
  })

  it('give an extension back what it has written', () => {
    const data = { '\\': 1, '\n': [{ '"': 2 }], plain: 'x\n' }
    const decoded: unknown[] = []
    const extension: CodecExtension = {
      encode: value => (value instanceof Date || value instanceof Map ? data : undefined),
      decode: found => {
        decoded.push(found)
        return new Date(0)
      },
    }
    const text = encodeValues([new Date(), new Map()], extension)

    decodeValues(JSON.parse(text), extension)

    expect(decoded).toEqual([data, data])
    expect(hasEscapedKey(text)).toBe(false)
  })
})
