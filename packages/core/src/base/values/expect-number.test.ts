import { describe, expect, test } from 'vitest'
import { expectMs, expectNumber, outOfRange, type NumberRange } from './expect-number.js'

describe('expectNumber()', () => {
  test.each<[NumberRange, number[], number[]]>([
    [{}, [0, 0.5, Infinity], [-1, NaN, -Infinity]],
    [{ from: 2, to: 4 }, [2, 2.5, 4], [1, 5, Infinity, NaN]],
    [{ above: 0 }, [0.1, Infinity], [0, -1, NaN]],
    [{ from: 1, isWhole: true }, [1, 7], [0, 1.5, Infinity, NaN]],
    [{ from: 1, isWhole: true, orInfinity: true }, [1, Infinity], [0, 1.5, -Infinity, NaN]],
  ])('takes what is in its range, %o, and refuses all else', (range, good, bad) => {
    const isTaken = (value: number): boolean => {
      try {
        expectNumber('start a system', 'threads', value, range)
        return true
      } catch (error) {
        if (error instanceof RangeError) return false
        throw error
      }
    }

    expect([good.every(isTaken), bad.some(isTaken)]).toEqual([true, false])
  })

  test('refuses what is no number at all', () => {
    expect(() => expectNumber('start a system', 'threads', 'many' as never)).toThrow(RangeError)
    expect(() => expectNumber('start a system', 'threads', undefined as never)).toThrow(RangeError)
  })
})

describe('outOfRange()', () => {
  test.each<[NumberRange, string]>([
    [{}, '0 or more'],
    [{ above: 0 }, 'more than 0'],
    [{ above: 0, to: 5 }, 'more than 0 and at most 5'],
    [{ from: 2, to: 5 }, 'from 2 to 5'],
    [{ from: 1, isWhole: true }, 'a whole number from 1 on'],
    [{ from: 1, to: 9, isWhole: true }, 'a whole number from 1 to 9'],
    [{ from: 1, isWhole: true, orInfinity: true }, 'a whole number from 1 on, or Infinity'],
  ])('says what of %o', (range, words) => {
    expect(outOfRange('start a system', 'threads', -1, range).message).toBe(
      `Cannot start a system: threads must be ${words}, not -1`,
    )
  })
})

describe('expectMs()', () => {
  test.each([0, 1, 0.5, Infinity])('takes %d', ms => {
    expect(() => expectMs('limitMs', ms)).not.toThrow()
  })

  test.each([-1, NaN, -Infinity])('refuses %d', ms => {
    expect(() => expectMs('limitMs', ms)).toThrow(RangeError)
  })
})
