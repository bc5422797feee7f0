import { describe, expect, test } from 'vitest'
import { describeDown, reasonOf, type DownReason, type Ending } from './down.js'

const nothing: Ending = {
  exitCode: 0,
  error: undefined,
  hasReachedHeapLimit: false,
  hasReported: false,
  wasKilled: false,
}
const outOfMemory = Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })

describe('reasonOf()', () => {
  const cases: [what: string, ending: Ending, reason: DownReason][] = [
    ['a report', { ...nothing, hasReported: true }, 'stopped'],
    ['a report, and a kill that came too late', { ...nothing, hasReported: true, wasKilled: true }, 'stopped'],
    ['a kill', { ...nothing, exitCode: 1, wasKilled: true }, 'killed'],
    ['no report and no kill', nothing, 'exited'],
    ['an exit code alone', { ...nothing, exitCode: 3 }, 'exited'],
    ['an error', { ...nothing, exitCode: 1, error: new Error('boom') }, 'threw'],
    ['an error while it was killed', { ...nothing, exitCode: 1, error: new Error('boom'), wasKilled: true }, 'threw'],
    ['an error after its report', { ...nothing, exitCode: 1, error: new Error('boom'), hasReported: true }, 'threw'],
    ['a heap that it found full itself', { ...nothing, exitCode: 1, hasReachedHeapLimit: true }, 'heap-limit'],
    ['the error of the heap limit', { ...nothing, exitCode: 1, error: outOfMemory }, 'heap-limit'],
    [
      'the error of the heap limit while it was killed',
      { ...nothing, exitCode: 1, error: outOfMemory, wasKilled: true },
      'heap-limit',
    ],
  ]

  test.each(cases)('%s', (_what, ending, reason) => {
    expect(reasonOf(ending)).toBe(reason)
  })
})

describe('describeDown()', () => {
  test.each(['stopped', 'killed', 'exited', 'threw', 'heap-limit', 'memory-limit', 'crashed', 'unreachable'] as const)(
    'has words for %s',
    reason => {
      const text = describeDown({ thread: 'worker', incarnation: 1, reason, exitCode: 3, error: undefined })

      expect(text).toMatch(/^(it|its process) /)
    },
  )
})
