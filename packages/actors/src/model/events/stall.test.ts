import { describe, expect, test } from 'vitest'
import type { BlackBoxReport } from './black-box-report.js'
import { describeStall, stallIn } from './stall.js'

const box: BlackBoxReport = {
  running: 16,
  actors: [
    { id: 17, handling: undefined, handled: 0, waiting: 0 },
    { id: 16, handling: { method: 'spin', kind: 'ask', sinceMs: 1000 }, handled: 1, waiting: 0 },
  ],
  entries: [],
  lookedAtMs: 1000,
  heapBytes: 0,
  utilization: 0,
  threadId: 1,
  osThread: undefined,
}
const nameOf = (id: number): string => `Spinner#${id}@1`
const busy = { id: 16, actor: 'Spinner#16@1', method: 'spin', forMs: 5000 } as const

describe('stallIn()', () => {
  test('finds the handler that has had the thread for long', () => {
    expect(stallIn(box, 6000, nameOf)).toEqual(busy)
  })

  test.each([
    ['has only just begun', box, 1020],
    ['awaits something', { ...box, running: undefined }, 6000],
    ['is in no record', { ...box, actors: [] }, 6000],
  ])('finds none when the handler %s', (_what, report, nowMs) => {
    expect(stallIn(report, nowMs, nameOf)).toBeUndefined()
  })
})

describe('describeStall()', () => {
  test('has another remedy for the actor itself than for the one that waits behind it', () => {
    const [own, neighbour] = [16, 17].map(target => describeStall(busy, target, false))

    for (const text of [own, neighbour]) {
      expect(text).toContain('in spin() of Spinner#16@1 for 5.0 s and answers nothing')
      expect(text).not.toContain('timeoutMs')
    }
    expect([own, neighbour].map(text => text?.includes("'own-thread'"))).toEqual([false, true])
  })

  test('tells of a thread that has gone as one that was', () => {
    expect(describeStall(busy, 16, true)).toContain('its thread had been in spin()')
  })
})
