import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Assignment,
  beginJob,
  finishJob,
  giveBackJob,
  isDone,
  isHalfDone,
  type Jobs,
  nextAssignment,
  planJobs,
  startJob,
} from './jobs.js'

describe('nextAssignment()', () => {
  test('gives the first row group that waits to the worker that has waited longest', () => {
    expect(nextAssignment(planJobs(rowGroups(3), 2))).toEqual({
      rowGroup: rowGroups(1)[0],
      attempts: 1,
      worker: 0,
      isBegun: false,
    })
  })

  test('is undefined when every worker has a job', () => {
    const { jobs } = start(planJobs(rowGroups(3), 1))

    expect(nextAssignment(jobs)).toBeUndefined()
  })

  test('is undefined when no row group waits', () => {
    const { jobs } = start(planJobs(rowGroups(1), 2))

    expect(nextAssignment(jobs)).toBeUndefined()
  })
})

describe('giveBackJob()', () => {
  test('gives the row group to another worker, before all that wait', () => {
    const { jobs, assignment } = start(planJobs(rowGroups(3), 2))

    const next = nextAssignment(giveBackJob(jobs, assignment))

    expect(next).toMatchObject({ rowGroup: assignment.rowGroup, worker: 1, attempts: 2 })
  })

  test('gives the row group to the same worker when it is the only one', () => {
    const { jobs, assignment } = start(planJobs(rowGroups(3), 1))

    expect(nextAssignment(giveBackJob(jobs, assignment))).toMatchObject({
      rowGroup: assignment.rowGroup,
      worker: 0,
      attempts: 2,
    })
  })
})

describe('beginJob()', () => {
  test('notes that the worker is at it', () => {
    const { jobs } = start(start(planJobs(rowGroups(2), 2)).jobs)

    expect(beginJob(jobs, jobs.running[1]!).running.map(({ isBegun }) => isBegun)).toEqual([false, true])
  })
})

describe('isHalfDone()', () => {
  test.each([
    [10, 5],
    [11, 5],
    [1, 0],
  ])('of %d row groups is true from %d on', (count, half) => {
    let jobs = planJobs(rowGroups(count), 1)
    while (!isHalfDone(jobs)) {
      const started = start(jobs)
      jobs = finishJob(started.jobs, started.assignment)
    }

    expect(jobs.done).toHaveLength(half)
  })
})

test('every row group is done once and no worker has two, whichever fails when', () => {
  fc.assert(
    fc.property(
      fc.nat(12),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.tuple(fc.nat(), fc.boolean())),
      (count, workers, outcomes) => {
        let jobs = planJobs(rowGroups(count), workers)
        for (let steps = 0; !isDone(jobs) && steps < 1000; steps++) {
          while (nextAssignment(jobs) !== undefined) jobs = start(jobs).jobs
          expect(new Set([...jobs.running.map(({ worker }) => worker), ...jobs.idle]).size).toBe(workers)
          expect(jobs.running.length + jobs.idle.length).toBe(workers)
          const [pick, isGood] = outcomes.next().value
          const ended = jobs.running[pick % jobs.running.length]!
          jobs = isGood ? finishJob(jobs, ended) : giveBackJob(jobs, ended)
        }

        expect(jobs.done.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...rowGroups(count).keys()])
      },
    ),
  )
})

function start(jobs: Jobs): { jobs: Jobs; assignment: Assignment } {
  const assignment = nextAssignment(jobs)!
  return { jobs: startJob(jobs, assignment), assignment }
}

function rowGroups(count: number) {
  return Array.from({ length: count }, (_, index) => ({ index, firstRow: 10 * index, rowCount: 10 }))
}
