import { describe, expect, test, vi } from 'vitest'
import { systemClock } from './clock.js'

vi.mock(import('@zera/core/internal'), async importReal => {
  const core = await importReal()
  return {
    ...core,
    realTimers: {
      ...core.realTimers,
      setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
      clearTimeout: timer => clearTimeout(timer),
    },
  }
})

describe('systemClock', () => {
  test('runs something after a time, unless it is cancelled', async () => {
    const cancelled = vi.fn<() => void>()
    const before = systemClock.now()

    systemClock.after(1, cancelled).cancel()
    await new Promise<void>(resolve => {
      const alive = setTimeout(() => undefined, 60_000)
      systemClock.after(5, () => {
        clearTimeout(alive)
        resolve()
      })
    })

    expect(systemClock.now() - before).toBeGreaterThan(4)
    expect(cancelled).not.toHaveBeenCalled()
  })

  test('waits longer than the longest timer of Node', () => {
    vi.useFakeTimers()
    try {
      const run = vi.fn<() => void>()
      systemClock.after(2 ** 31 + 10, run)
      const cancelled = systemClock.after(2 ** 31 + 10, run)

      vi.advanceTimersByTime(2 ** 31)
      expect(run).not.toHaveBeenCalled()
      cancelled.cancel()
      vi.advanceTimersByTime(20)

      expect(run).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })
})
