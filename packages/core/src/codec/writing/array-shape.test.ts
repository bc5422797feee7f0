import { describe, expect, it } from 'vitest'
import { hasOnlyElements, isIndexBelow } from './array-shape.js'

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)

describe('hasOnlyElements()', () => {
  it.each([0, 1, 32, 33, 1000])('holds for %i elements', length => {
    expect(hasOnlyElements(numbers(length))).toBe(true)
  })

  it.each([0, 1, 32, 33, 1000])('does not hold for %i elements and a name', length => {
    expect(hasOnlyElements(Object.assign(numbers(length), { name: 1 }))).toBe(false)
  })
})

describe('isIndexBelow()', () => {
  it('tells the indices of elements from other names', () => {
    const names = ['0', '4', '5', '01', '-1', '1.5', '', 'x', '4294967296']

    expect(names.filter(name => isIndexBelow(name, 5))).toEqual(['0', '4'])
  })
})
