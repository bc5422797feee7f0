import { describe, expect, test } from 'vitest'
import { expectMs } from './expect-ms.js'

describe('expectMs()', () => {
  test.each([0, 1, 0.5, Infinity])('takes %d', ms => {
    expect(() => expectMs('limitMs', ms)).not.toThrow()
  })

  test.each([-1, NaN, -Infinity])('refuses %d', ms => {
    expect(() => expectMs('limitMs', ms)).toThrow(RangeError)
  })
})
