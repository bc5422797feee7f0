import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { Pause } from './pause.js'

describe('Pause', () => {
  test('wait() waits for its time', async () => {
    const clock = new ManualClock()
    const waiting = new Pause(clock).wait(10)

    clock.advance(10)

    await waiting
    expect(clock.timers).toBe(0)
  })

  test('end() ends the wait that is under way, and none that comes later', async () => {
    const clock = new ManualClock()
    const pause = new Pause(clock)
    const waiting = pause.wait(10)

    pause.end()
    pause.end()

    await waiting
    expect(clock.timers).toBe(0)
    const next = pause.wait(10)
    expect(clock.timers).toBe(1)
    clock.advance(10)
    await next
  })

  test('wait() waits for nothing when there is no time', async () => {
    await new Pause(new ManualClock()).wait(0)
  })
})
