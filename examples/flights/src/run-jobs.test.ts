import { ActorDownError, ActorStoppedError } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import { type Assignment, type Jobs, MAX_ATTEMPTS, planJobs } from './jobs.js'
import { type JobRun, runJobs } from './run-jobs.js'

const threadDown = new ActorDownError('/worker-1', 'aggregate', 'killed', 'begun')

describe('runJobs()', () => {
  test('has all workers at work at once and does each part once', async () => {
    let atWork = 0
    let mostAtWork = 0
    const run = recordRun(async () => {
      mostAtWork = Math.max(mostAtWork, ++atWork)
      await Promise.resolve()
      atWork--
    })

    const jobs = await runJobs(planJobs(parts(5), 2), run)

    expect(mostAtWork).toBe(2)
    expect(jobs.done).toHaveLength(5)
    expect(run.started).toEqual([0, 1, 2, 3, 4])
  })

  test.each([
    ['a thread that went down', threadDown],
    ['a handler that threw', new TypeError('made to throw')],
  ])('does a part again after %s', async (_, error) => {
    const run = recordRun(async ({ part, attempts }) => {
      if (part.index === 1 && attempts === 1) throw error
    })

    const jobs = await runJobs(planJobs(parts(3), 1), run)

    expect(run.started).toEqual([0, 1, 1, 2])
    expect(run.failed).toEqual([[1, error]])
    expect(jobs.done).toHaveLength(3)
  })

  test('tells when a worker is at its job', async () => {
    const begun: [number, boolean][] = []
    const run = {
      ...recordRun(async (_, begin) => begin()),
      onBegun: ({ part }: Assignment, { running }: Jobs) => void begun.push([part.index, running[0]!.isBegun]),
    }

    await runJobs(planJobs(parts(2), 1), run)

    expect(begun).toEqual([
      [0, true],
      [1, true],
    ])
  })

  test('gives up a part that fails again and again', async () => {
    const run = recordRun(async () => {
      throw threadDown
    })

    await expect(runJobs(planJobs(parts(1), 2), run)).rejects.toMatchObject({ cause: threadDown })
    expect(run.started).toHaveLength(MAX_ATTEMPTS)
  })

  test('ends with an error that asking again would not mend', async () => {
    const error = new ActorStoppedError('/worker-1')
    const run = recordRun(async () => {
      throw error
    })

    await expect(runJobs(planJobs(parts(2), 1), run)).rejects.toBe(error)
    expect(run.started).toEqual([0])
  })

  test.each([
    ['is done', async () => undefined],
    ['fails', async () => Promise.reject(threadDown)],
  ])("ends with the signal's reason when the job that runs %s", async (_, end) => {
    const interruption = new AbortController()
    const run = recordRun(() => {
      interruption.abort()
      return end()
    }, interruption.signal)

    await expect(runJobs(planJobs(parts(2), 1), run)).rejects.toBe(interruption.signal.reason)
    expect(run.started).toEqual([0])
  })

  test('has nothing to do without parts', async () => {
    await expect(
      runJobs(
        planJobs([], 1),
        recordRun(async () => undefined),
      ),
    ).resolves.toMatchObject({ done: [] })
  })
})

function recordRun(work: JobRun['work'], signal = new AbortController().signal) {
  const started: number[] = []
  const failed: [number, unknown][] = []
  return {
    work,
    signal,
    started,
    failed,
    onStart: ({ part }) => void started.push(part.index),
    onFailed: ({ part }, error) => void failed.push([part.index, error]),
  } satisfies JobRun & Record<string, unknown>
}

function parts(count: number) {
  return Array.from({ length: count }, (_, index) => ({ index, rowGroup: index, firstRow: 10 * index, rowCount: 10 }))
}
