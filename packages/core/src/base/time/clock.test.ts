import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ManualClock } from '../../testing/manual-clock.js'
import { caughtUp } from './caught-up.js'
import { callerClock, every, runWithin, systemClock, whenDue, within } from './clock.js'
import { aborted } from './on-abort.js'

vi.mock(import('../runtime/real-timers.js'), async importReal =>
  (await import('../../fixtures/fakeable-timers.js')).fakeable(await importReal()),
)

describe.each([
  ['systemClock', systemClock],
  ['callerClock', callerClock],
])('%s.after()', (_name, clock) => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('runs something when the time has passed, and not before', () => {
    const run = vi.fn<() => void>()
    clock.after(100, run)

    vi.advanceTimersByTime(99)
    const early = run.mock.calls.length
    vi.advanceTimersByTime(1)

    expect([early, run.mock.calls.length]).toEqual([0, 1])
  })

  test('never runs what was cancelled', () => {
    const run = vi.fn<() => void>()

    clock.after(100, run).cancel()
    vi.advanceTimersByTime(1000)

    expect(run).not.toHaveBeenCalled()
  })

  test('waits longer than the longest timer of Node, and can be cancelled all the while', () => {
    const run = vi.fn<() => void>()
    const cancelled = vi.fn<() => void>()
    clock.after(2 ** 31 + 10, run)
    const timer = clock.after(2 ** 31 + 10, cancelled)

    vi.advanceTimersByTime(2 ** 31)
    const early = run.mock.calls.length
    timer.cancel()
    vi.advanceTimersByTime(20)

    expect([early, run.mock.calls.length, cancelled.mock.calls.length]).toEqual([0, 1, 0])
  })

  test('takes Infinity for never', () => {
    const timer = clock.after(Infinity, () => undefined)

    expect(vi.getTimerCount()).toBe(0)
    timer.cancel()
  })
})

describe('whenDue()', () => {
  test('passes when its time has passed and what had arrived was received, unless that has cancelled it', async () => {
    const passed: string[] = []
    whenDue(callerClock, 1, () => passed.push('kept'))
    const timer = whenDue(callerClock, 1, () => passed.push('cancelled'))
    // The thread is busy beyond both, and has yet to look at what came in time.
    for (const begun = performance.now(); performance.now() - begun < 5;);
    setImmediate(() => timer.cancel())

    await vi.waitUntil(() => passed.length > 0, { interval: 1 })
    await caughtUp()

    expect(passed).toEqual(['kept'])
  })
})

describe('within()', () => {
  test('takes what came in time, however busy the thread was', async () => {
    const { port1, port2 } = new MessageChannel()
    const arrived = new Promise(resolve => port1.once('message', resolve))
    const inTime = within(callerClock, 5, arrived)

    port2.postMessage('in time')
    for (const begun = performance.now(); performance.now() - begun < 30;);

    expect(await inTime).toBe(true)
    port1.close()
  })

  test('with 0 takes what has arrived already, and waits for nothing else', async () => {
    const { port1, port2 } = new MessageChannel()
    const arrived = new Promise(resolve => port1.once('message', resolve))
    port2.postMessage('already there')

    expect([await within(systemClock, 0, arrived), await within(systemClock, 0, new Promise(() => undefined))]).toEqual(
      [true, false],
    )
    port1.close()
  })

  test.each([
    ['true when it resolves', () => Promise.resolve(), true],
    ['true when it rejects', () => Promise.reject(new Error('refused')), true],
    ['false when it does not', () => new Promise(() => undefined), false],
  ] as const)('resolves with %s, and leaves no timer', async (_case, promise, settled) => {
    const clock = new ManualClock()
    const inTime = within(clock, 10, promise())

    await Promise.resolve()
    if (!settled) clock.advance(10)

    expect([await inTime, clock.timers]).toEqual([settled, 0])
  })
})

describe('runWithin()', () => {
  test('resolves with what the work does in time, and rejects as it does', async () => {
    const clock = new ManualClock()

    await expect(runWithin(clock, 10, () => Promise.resolve('done'))).resolves.toBe('done')
    await expect(runWithin(clock, 10, () => Promise.reject(new RangeError('refused')))).rejects.toThrow(RangeError)
    expect(clock.timers).toBe(0)
  })

  test('aborts work that takes too long, and ignores its error', async () => {
    const clock = new ManualClock()
    let reason: unknown
    const done = runWithin(clock, 10, async signal => {
      await aborted(signal)
      reason = signal.reason
      throw new RangeError('too late')
    })

    clock.advance(10)

    expect(await done).toBeUndefined()
    await Promise.resolve()
    expect((reason as DOMException).name).toBe('TimeoutError')
  })
})

test('every() runs something each time until it is cancelled, also by what it runs', () => {
  const clock = new ManualClock()
  const ranAtMs: number[] = []
  const timer = every(clock, 10, () => {
    ranAtMs.push(clock.now())
    if (ranAtMs.length === 3) timer.cancel()
  })

  clock.advance(100)

  expect([ranAtMs, clock.timers]).toEqual([[10, 20, 30], 0])
})
