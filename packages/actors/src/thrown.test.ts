import { messageOf, toError } from '@zera/core'
import { describe, expect, test } from 'vitest'

describe('toError()', () => {
  test('leaves an error as it is', () => {
    const error = new RangeError('no')

    expect(toError(error)).toBe(error)
  })

  test.each([['text'], [undefined], [null], [Symbol('s')], [Object.create(null)]])('keeps %o as the cause of an error', thrown => {
    expect(toError(thrown)).toMatchObject({ name: 'Error', cause: thrown })
  })
})

describe('messageOf()', () => {
  test('is the text of an error, or what else was thrown, shown', () => {
    expect([messageOf(new Error('no')), messageOf('text'), messageOf(Object.create(null))]).toEqual(['no', "'text'", '[Object: null prototype] {}'])
  })
})
