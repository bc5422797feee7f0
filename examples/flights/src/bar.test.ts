import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawBar, drawBarLeftwards } from './bar.js'

test('drawBar() fills to an eighth of a cell', () => {
  expect(drawBar(2.5, 4)).toBe('██▌ ')
  expect(drawBar(0.125, 4)).toBe('▏   ')
  expect(drawBar(4, 4)).toBe('████')
})

test('drawBarLeftwards() fills to half a cell', () => {
  expect(drawBarLeftwards(2.5, 4)).toBe(' ▐██')
  expect(drawBarLeftwards(0, 4)).toBe('    ')
})

test('drawBar() and drawBarLeftwards() are as wide as asked, whatever the length', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 200 }), (length, width) => {
      expect(drawBar(length, width)).toHaveLength(width)
      expect(drawBarLeftwards(length, width)).toHaveLength(width)
    }),
  )
})
