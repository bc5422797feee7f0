import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EnvelopeError } from '../../base/errors/errors.js'
import { unwrapPublication, wrapPublication } from './publication-envelope.js'

const frame = fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes))

describe('unwrapPublication()', () => {
  test('is the reverse of wrapPublication(), with an address and without', () => {
    fc.assert(
      fc.property(
        fc.record({ key: frame, address: frame, data: frame }, { requiredKeys: ['key', 'data'] }),
        publication => {
          expect(unwrapPublication(wrapPublication(publication))).toEqual({ ...publication })
        },
      ),
    )
  })

  test('keeps the key in front, where subscriptions are matched', () => {
    expect(wrapPublication({ key: 'A', address: 'me', data: 'B' })).toEqual(['A', 'me', 'B'])
  })

  test.each([0, 1, 4])('refuses %d frames', count => {
    expect(() => unwrapPublication(Array.from({ length: count }, () => 'x'))).toThrow(EnvelopeError)
  })
})
