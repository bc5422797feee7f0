import { expect, test } from 'vitest'
import { FreedEndpoints } from './freed-endpoints.js'

test.each([
  ['ipc:///tmp/a', 'ipc:///tmp/a', true],
  ['ipc:///tmp/a', 'ipc:///tmp/b', false],
  ['inproc://a', 'inproc://a', true],
  ['tcp://0.0.0.0:5555', 'tcp://127.0.0.1:5555', true],
  ['tcp://127.0.0.1:5555', 'tcp://127.0.0.1:5556', false],
])('FreedEndpoints: when %s was freed, %s may be about to get free: %s', (freed, wanted, expected) => {
  const endpoints = new FreedEndpoints(() => 0)

  endpoints.add(freed)

  expect(endpoints.mayBeFreed(wanted)).toBe(expected)
})

test('FreedEndpoints forgets what was freed long ago', () => {
  let now = 0
  const endpoints = new FreedEndpoints(() => now)
  endpoints.add('inproc://a')

  now = 1001

  expect(endpoints.mayBeFreed('inproc://a')).toBe(false)
})
