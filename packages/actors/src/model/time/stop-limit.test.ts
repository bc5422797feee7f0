import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { StopLimit, stopPhases } from './stop-limit.js'

test.each([
  [20_000, 10_000, 16_000, 20_000],
  [2000, 1000, 1500, 2000],
  [1000, 500, 600, 1000],
  [0, 0, 0, 250],
  [Infinity, Infinity, Infinity, Infinity],
])(
  'stopPhases(%d) hurries at half, kills at four fifths, and leaves the time for that',
  (timeoutMs, hurried, killed, abandoned) => {
    expect(stopPhases(timeoutMs)).toEqual({ hurried, killed, abandoned })
  },
)

describe('StopLimit', () => {
  test('goes from one phase to the next, and tells each once', () => {
    const clock = new ManualClock()
    const limit = new StopLimit(clock)
    const told: string[] = []
    for (const phase of ['hurried', 'killed', 'abandoned'] as const)
      limit.on(phase, () => told.push(`${phase} at ${clock.now()}`))
    limit.on('killed', () => told.push('never'))()
    expect([limit.leftMs(), limit.phase]).toEqual([Infinity, 'unhurried'])

    limit.begin(1000)
    expect(limit.leftMs()).toBe(500)
    for (const ms of [500, 100, 400]) clock.advance(ms)
    limit.on('hurried', () => told.push('late'))

    expect(told).toEqual(['hurried at 500', 'killed at 600', 'abandoned at 1000', 'late'])
    expect([limit.leftMs(), limit.phase, clock.timers]).toEqual([0, 'abandoned', 0])
  })

  test('begin() again leaves less time, never more', async () => {
    const clock = new ManualClock()
    const limit = new StopLimit(clock)
    limit.begin(1000)
    const killed = limit.unless('killed', new Promise(() => undefined))

    limit.begin(60_000)
    expect(limit.leftMs()).toBe(500)
    limit.begin(0)

    expect([await killed, limit.phase]).toEqual([false, 'killed'])
    limit.end()
    expect(clock.timers).toBe(0)
  })
})
