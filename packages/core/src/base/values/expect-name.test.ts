import { describe, expect, test } from 'vitest'
import { expectName } from './expect-name.js'

describe('expectName()', () => {
  test.each(['a', 'Ada Lovelace', 'größe', '😀', 'x'.repeat(255)])('takes %s', name => {
    expect(() => expectName('start', 'name', name)).not.toThrow()
  })

  test.each([
    ['', TypeError],
    [7, TypeError],
    [undefined, TypeError],
    ['two\nlines', RangeError],
    ['a\0b', RangeError],
    ['\u009B2J', RangeError],
    ['a\u2028b', RangeError],
    ['\uD800', RangeError],
    ['x'.repeat(256), RangeError],
  ])('refuses %j', (name, kind) => {
    expect(() => expectName('start', 'name', name)).toThrow(kind)
  })
})
