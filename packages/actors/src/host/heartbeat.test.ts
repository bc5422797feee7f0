import { ManualClock } from '@zera/core/testing'
import { expect, test } from 'vitest'
import { BlackBox } from '../actor/black-box/black-box.js'
import { HostTimes } from '../messaging/times/host-times.js'
import { readBlackBox } from '../model/events/black-box-report.js'
import { readDelay } from '../model/times/method-times.js'
import { startHeartbeat } from './heartbeat.js'
import type { Host } from './host.js'

test('startHeartbeat() writes when the thread last ran, and how late it was, until its host is closed', () => {
  const clock = new ManualClock()
  const messenger = { isClosed: false }
  const times = new HostTimes(clock)
  const blackBox = new BlackBox(clock)
  const seenAt = (): number => readBlackBox(blackBox.memory).lookedAtMs - clock.epochMs() + clock.now()

  startHeartbeat({ clock, blackBox, times, messenger } as unknown as Host)
  clock.advance(1000)

  expect(seenAt()).toBe(1000)
  expect(readDelay(times.memory).count).toBe(4)
  messenger.isClosed = true
  clock.advance(1000)
  expect(seenAt()).toBe(1000)
})
