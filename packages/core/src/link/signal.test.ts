import { expect, test } from 'vitest'
import { isSignalFrame, type Signal } from './signal.js'

test('isSignalFrame() tells signals from batches of messages', () => {
  const signal: Signal = { signal: 'stop' }

  expect(isSignalFrame(JSON.stringify(signal))).toBe(true)
  expect(isSignalFrame('[0,{"signal":"stop"}]')).toBe(false)
})
