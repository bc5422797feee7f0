import { expect, it } from 'vitest'
import { median, percentile } from './statistics.js'

it('median() is the middle, whatever the order', () => {
  expect(median([5, 1, 30])).toBe(5)
})

it('percentile() is the smallest number that so many do not exceed', () => {
  const numbers = Array.from({ length: 200 }, (_, at) => 200 - at)

  expect([percentile(numbers, 0), percentile(numbers, 50), percentile(numbers, 99), percentile(numbers, 100)]).toEqual([
    1, 100, 198, 200,
  ])
})

it('percentile() refuses no numbers', () => {
  expect(() => percentile([], 50)).toThrow(RangeError)
})
