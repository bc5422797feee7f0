import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest'
import { MemoryGuard } from './memory-guard.js'

vi.mock(import('../../base/runtime/real-timers.js'), async importReal =>
  (await import('../../fixtures/fakeable-timers.js')).fakeable(await importReal()),
)

const MIB = 1024 * 1024
let rssBytes: number
let exceeded: Mock<(rssMb: number, maxRssMb: number) => void>
let guard: MemoryGuard
beforeEach(() => {
  vi.useFakeTimers()
  rssBytes = 50 * MIB
  exceeded = vi.fn<(rssMb: number, maxRssMb: number) => void>()
  guard = new MemoryGuard(exceeded, () => rssBytes)
})
afterEach(() => vi.useRealTimers())

test('MemoryGuard says once that there is more memory than there may be', () => {
  guard.limit(60)
  vi.advanceTimersByTime(1000)
  rssBytes = 60 * MIB
  vi.advanceTimersByTime(1000)
  expect(exceeded).not.toHaveBeenCalled()

  rssBytes += 1
  vi.advanceTimersByTime(50)
  vi.advanceTimersByTime(1000)

  expect(exceeded.mock.calls).toEqual([[61, 60]])
})

test('MemoryGuard.limit() looks at once, and takes the place of the limit before', () => {
  guard.limit(100)
  guard.limit(40)

  expect(exceeded.mock.calls).toEqual([[50, 40]])
})
