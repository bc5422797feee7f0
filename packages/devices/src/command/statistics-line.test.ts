import { expect, test } from 'vitest'
import type { DeviceStatistics } from '../base/device.js'
import { statisticsLine } from './statistics-line.js'

function statistics(messages: number, bytes: number, rest: Partial<DeviceStatistics> = {}): DeviceStatistics {
  const lane = { messages, bytes, dropped: 1, waiting: 0 }
  return {
    toBackend: lane,
    toFrontend: { ...lane, messages: 0, bytes: 0 },
    captured: { messages: 0, dropped: 0 },
    peers: { frontend: 3, backend: 2 },
    awaitedReplies: 0,
    lastValues: { keys: 0, notKept: 0 },
    isPaused: false,
    authenticated: 0,
    denied: 0,
    ...rest,
  }
}

test('statisticsLine() gives rates each way, drops in all, and the peers of each side', () => {
  expect(statisticsLine(statistics(100, 0), statistics(1100, 3 * 1024 * 1024), 2000)).toBe(
    'to backend 500 msg/s, 1.5 MiB/s | to frontend 0 msg/s, 0 B/s | dropped 2 | peers 3 + 2',
  )
})

test('statisticsLine() says that a device is paused', () => {
  expect(statisticsLine(statistics(0, 0), statistics(0, 0, { isPaused: true }), 1000)).toMatch(/^paused \| /)
})
