import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countRestart, EMPTY_WINDOW, type RestartWindow } from './restart-window.js'

describe('countRestart()', () => {
  test('allows as many restarts within a period as its options say', () => {
    const limits = { maxRestarts: 2, periodMs: 100 }

    const first = countRestart(EMPTY_WINDOW, 0, limits)
    const second = countRestart(first.window, 50, limits)
    const third = countRestart(second.window, 100, limits)

    expect([first, second, third].map(({ isAllowed }) => isAllowed)).toEqual([true, true, false])
  })

  test('forgets restarts that are older than the period', () => {
    const limits = { maxRestarts: 1, periodMs: 100 }
    const { window } = countRestart(EMPTY_WINDOW, 0, limits)

    expect(countRestart(window, 100, limits).isAllowed).toBe(false)
    expect(countRestart(window, 100.1, limits)).toEqual({ window: [100.1], isAllowed: true })
  })

  test('allows none of 0, all of Infinity, and forgets none within Infinity', () => {
    expect(countRestart(EMPTY_WINDOW, 0, { maxRestarts: 0, periodMs: 0 }).isAllowed).toBe(false)
    expect(countRestart([1, 2, 3], 4, { maxRestarts: Infinity, periodMs: 100 }).isAllowed).toBe(true)
    expect(countRestart([0], 1e12, { maxRestarts: 1, periodMs: Infinity }).isAllowed).toBe(false)
  })

  test("decides as OTP's rule says: more than maxRestarts within the last periodMs is too many", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 })
    const limits = fc.record({ maxRestarts: fc.nat(8), periodMs: fc.nat(200) })

    fc.assert(
      fc.property(steps, limits, (gaps, { maxRestarts, periodMs }) => {
        const all: number[] = []
        let window: RestartWindow = EMPTY_WINDOW
        let nowMs = 0
        for (const gap of gaps) {
          nowMs += gap
          all.push(nowMs)
          const within = all.filter(time => time >= nowMs - periodMs).length

          const counted = countRestart(window, nowMs, { maxRestarts, periodMs })

          expect(counted.isAllowed).toBe(within <= maxRestarts)
          expect(counted.window).toHaveLength(within)
          window = counted.window
        }
      }),
    )
  })
})
