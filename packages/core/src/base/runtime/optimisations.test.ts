import { describe, expect, test } from 'vitest'
import { optimisations, readOptimisations } from './optimisations.js'

describe('readOptimisations()', () => {
  test.each([
    [undefined, { rows: true, spin: true }],
    ['', { rows: true, spin: true }],
    ['rows', { rows: false, spin: true }],
    ['spin,rows', { rows: false, spin: false }],
  ])('reads %j', (without, expected) => {
    expect(readOptimisations(without)).toEqual(expected)
  })

  test('refuses what is none', () => {
    expect(() => readOptimisations('rows,turbo')).toThrow(RangeError)
  })

  test('all are on by default', () => {
    expect(optimisations).toEqual({ rows: true, spin: true })
  })
})
