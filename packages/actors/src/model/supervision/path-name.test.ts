import { expect, test } from 'vitest'
import { expectPathName } from './path-name.js'

test.each(['a', 'orders:till', 'a.b', '\\', '..'])('expectPathName() takes %j', name => {
  expect(() => expectPathName('start', 'name', name)).not.toThrow()
})

test.each([
  ['', RangeError, 'name is empty'],
  ['a/b', RangeError, 'a slash'],
  ['/', RangeError, 'a slash'],
  ['a\nb', RangeError, 'line break'],
  [7, TypeError, 'a text'],
])('expectPathName() refuses %j, and says why', (name, kind, why) => {
  const check = (): void => expectPathName('start', 'name', name)

  expect(check).toThrow(kind)
  expect(check).toThrow(why)
})
