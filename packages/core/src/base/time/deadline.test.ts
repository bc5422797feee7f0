import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { caughtUp } from './caught-up.js'
import { after, whenDue, expectMs } from './deadline.js'

vi.mock(import('../runtime/real-timers.js'), async importReal =>
  (await import('../../fixtures/fakeable-timers.js')).fakeable(await importReal()),
)

describe('after()', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('calls back when the time has passed, and not before', () => {
    const callback = vi.fn<() => void>()
    after(100, callback)

    vi.advanceTimersByTime(99)
    const early = callback.mock.calls.length
    vi.advanceTimersByTime(1)

    expect([early, callback.mock.calls.length]).toEqual([0, 1])
  })

  test('never calls back when it was cancelled', () => {
    const callback = vi.fn<() => void>()

    after(100, callback)()
    vi.advanceTimersByTime(1000)

    expect(callback).not.toHaveBeenCalled()
  })

  test.each([Infinity, 2 ** 31, 1e15])('takes %d for never, where a timer of Node would fire at once', ms => {
    const callback = vi.fn<() => void>()

    const cancel = after(ms, callback)

    expect(vi.getTimerCount()).toBe(0)
    cancel()
  })
})

describe('whenDue()', () => {
  test('passes when its time has passed and what had arrived was received, unless that has cancelled it', async () => {
    const passed: string[] = []
    whenDue(1, () => passed.push('kept'))
    const cancel = whenDue(1, () => passed.push('cancelled'))
    // The thread is busy beyond both, and has yet to look at what came in time.
    for (const begun = performance.now(); performance.now() - begun < 5;);
    setImmediate(cancel)

    await vi.waitUntil(() => passed.length > 0, { interval: 1 })
    await caughtUp()

    expect(passed).toEqual(['kept'])
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
