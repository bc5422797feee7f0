import { describe, expect, it } from 'vitest'
import { formOf, releaseBlocks } from './binaries.js'
import { KINDS, kindOf, markOf, payloadOf } from './kinds.js'
import { orderOf } from './records.js'
import { textOf, WORDS } from './texts.js'

describe('KINDS', () => {
  it('have names of their own', () => {
    expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length)
    expect(kindOf('flat record').name).toBe('flat record')
    expect(() => kindOf('elephant')).toThrow(RangeError)
  })

  it.each(KINDS.map(kind => [kind.name, kind] as const))(
    '%s differs by its number, and its mark tells',
    (_name, kind) => {
      const [first, second] = [payloadOf(kind, 0), payloadOf(kind, 1)]

      expect(payloadOf(kind, 2)).toBe(first)
      expect(markOf(kind, first)).not.toBe(markOf(kind, second))
      expect(markOf(kind, structuredClone(second))).toBe(markOf(kind, second))
      for (const payload of [first, second])
        expect(markOf(kind, payload)).toSatisfy((mark: number) => Number.isInteger(mark) && mark > 0 && mark < 1e9)
    },
  )

  it.each(KINDS.filter(({ group }) => group === 'binary').map(kind => [kind.name, kind] as const))(
    '%s has the same mark in all forms',
    (_name, kind) => {
      const payload = payloadOf(kind, 1)

      for (const form of ['plain', 'blocks', 'transferred'] as const) {
        const { value } = formOf(payload, form)
        expect(markOf(kind, value)).toBe(markOf(kind, payload))
        releaseBlocks(value)
      }
    },
  )
})

it.each(Object.entries(WORDS))('textOf() gives %s of exactly so many characters', (_name, words) => {
  for (const characters of [1, 100, 1024]) expect(textOf(words, characters, 1)).toHaveLength(characters)
})

it.each([200, 2000, 50_000])('orderOf() gives %d bytes and at most a line more', sizeBytes => {
  const { length } = JSON.stringify(orderOf(sizeBytes, 1))

  expect(length).toBeGreaterThanOrEqual(sizeBytes)
  expect(length).toBeLessThan(sizeBytes + 130)
})
