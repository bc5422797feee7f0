import { expect, test } from 'vitest'
import { fitLines, formatAmount, formatCount, formatMinutes, formatSeconds } from './format.js'

test.each([
  [0, '0'],
  [999, '999'],
  [3_000_000, '3,000,000'],
  [1234.5678, '1,235'],
])('formatCount() puts separators into %d', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test.each([
  [12.34, '+12.3 min'],
  [-3.78, '-3.8 min'],
  [0.04, '0.0 min'],
  [-0.04, '0.0 min'],
])('formatMinutes() signs %d', (minutes, text) => {
  expect(formatMinutes(minutes)).toBe(text)
})

test('formatMinutes() has as many decimal places as it is told', () => {
  expect(formatMinutes(-3.78, 0)).toBe('-4 min')
  expect(formatMinutes(0.4, 0)).toBe('0 min')
})

test('fitLines() cuts off what does not fit, and spaces at the end', () => {
  expect(fitLines(['12345', '123456', '12  '], 5)).toBe('12345\n1234…\n12')
})

test('formatSeconds() has one decimal place unless told otherwise', () => {
  expect(formatSeconds(2_449)).toBe('2.4 s')
  expect(formatSeconds(2_449, 2)).toBe('2.45 s')
})

test.each([
  [0, '0 threads'],
  [1, '1 thread'],
  [1_000, '1,000 threads'],
])('formatAmount() has the noun in the number of %d', (count, text) => {
  expect(formatAmount(count, 'thread')).toBe(text)
})
