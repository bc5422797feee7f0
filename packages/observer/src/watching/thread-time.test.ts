import { expect, test } from 'vitest'
import { secondsIn, threadSeconds } from './thread-time.js'

test('secondsIn() reads the time of a thread whatever its name is', () => {
  const rest = 'S 1 2 3 4 5 6 7 8 9 10 250 50 0 0'
  for (const name of ['node', 'a) b (c', '']) expect(secondsIn(`42 (${name}) ${rest}`)).toBe(3)
})

test.each(['', 'nonsense', '42 (node) S'])('secondsIn() knows nothing of %j', line => {
  expect(secondsIn(line)).toBeUndefined()
})

test('threadSeconds() knows nothing of a thread that is not there', () => {
  expect(threadSeconds(undefined)).toBeUndefined()
  expect(threadSeconds(2 ** 30)).toBeUndefined()
})
