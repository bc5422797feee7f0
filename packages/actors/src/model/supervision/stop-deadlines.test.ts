import { expect, test } from 'vitest'
import { deadlinesOf, hurriedDeadlines } from './stop-deadlines.js'

test.each([
  [5000, 0, Infinity, 4500, 5000],
  [1000, 0, Infinity, 800, 1000],
  [0, 0, Infinity, 0, 10],
  ['kill', 0, Infinity, 0, 10],
  [Infinity, 0, Infinity, Infinity, Infinity],
  // Others of its thread were late.
  [1000, 500, Infinity, 400, 500],
  [1000, 5000, Infinity, 0, 10],
  // The system hurries it.
  [5000, 0, 300, 300, 800],
  [Infinity, 0, 300, 300, 800],
  [5000, 0, 0, 0, 500],
  [100, 0, 0, 0, 100],
] as const)(
  'deadlinesOf(%s, %d, %d) hurries at %d and leaves at %d ms, with nothing beyond',
  (shutdownMs, spentMs, hurryInMs, hurryMs, leaveMs) => {
    expect(deadlinesOf(shutdownMs, spentMs, hurryInMs)).toEqual({ hurryMs, leaveMs })
  },
)

test('hurriedDeadlines() leaves time for onStop alone', () => {
  expect([hurriedDeadlines({ hurryMs: 4500, leaveMs: 5000 }), hurriedDeadlines({ hurryMs: 80, leaveMs: 100 })]).toEqual(
    [
      { hurryMs: 0, leaveMs: 500 },
      { hurryMs: 0, leaveMs: 100 },
    ],
  )
})
