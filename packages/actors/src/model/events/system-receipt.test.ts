import type { ThreadReceipt } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { addLeftovers, isCleanStop, withKilledThreads, type ChildReceipt } from './system-receipt.js'

const nothing = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }
const thread: ThreadReceipt = {
  thread: 'zera/1.1',
  incarnation: 1,
  startedAtMs: 0,
  stoppedAtMs: 1,
  durationMs: 1,
  exitCode: 0,
  outcome: 'clean',
  reason: 'stopped',
  left: nothing,
}
const actor: ChildReceipt = { kind: 'actor', id: 16, host: 1, name: '', definition: 'Counter', outcome: 'drained' }

describe('addLeftovers()', () => {
  test('adds up each kind', () => {
    expect(addLeftovers([{ asks: 1 }, { ...nothing, sockets: 2, asks: 3 }, {}])).toEqual({
      ...nothing,
      sockets: 2,
      asks: 4,
    })
    expect(addLeftovers([])).toEqual(nothing)
  })
})

test('withKilledThreads() has those lost whose threads were killed when nothing waited for them any more', () => {
  const stopped = [actor, { ...actor, outcome: 'hurried' as const }, { ...actor, host: 2, outcome: 'hurried' as const }]

  expect(withKilledThreads(stopped, new Set([1])).map(({ outcome }) => outcome)).toEqual(['drained', 'lost', 'hurried'])
})

describe('isCleanStop()', () => {
  const clean = { stopped: [actor], left: nothing, lastThreads: [thread], phase: 'unhurried' as const }

  test('is true when every thread ended cleanly, every actor was drained, or down, and nothing is left', () => {
    expect(isCleanStop(clean)).toBe(true)
    expect(isCleanStop({ ...clean, stopped: [{ ...actor, outcome: 'down' }], phase: 'killed' })).toBe(true)
  })

  test.each([
    { lastThreads: [thread, { ...thread, outcome: 'killed' as const }] },
    { lastThreads: [{ ...thread, outcome: 'crashed' as const }] },
    { stopped: [actor, { ...actor, outcome: 'hurried' as const }] },
    { stopped: [{ ...actor, outcome: 'lost' as const }] },
    { stopped: [{ kind: 'service' as const, path: '/server', outcome: 'failed' as const }, actor] },
    { phase: 'abandoned' as const },
    { left: { ...nothing, messages: 1 } },
  ])('is false for %o', parts => {
    expect(isCleanStop({ ...clean, ...parts })).toBe(false)
  })
})
