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
  test('gives the first part that waits to the worker that has waited longest', () => {
    expect(nextAssignment(planJobs(parts(3), 2))).toEqual({
      part: parts(1)[0],
      attempts: 1,
      worker: 0,
      isBegun: false,
    })
  })

  test('is undefined when every worker has a job', () => {
    const { jobs } = start(planJobs(parts(3), 1))

    expect(nextAssignment(jobs)).toBeUndefined()
  })

  test('lets a worker go on with the row group that it has decoded', () => {
    const [first, second] = take(planJobs(parts(8, 4), 2), 2) as [Started, Started]

    const next = take(finishJob(finishJob(second.jobs, second.assignment), first.assignment), 2)

    expect([first, second, ...next].map(workerAndPart)).toEqual([
      [0, 0],
      [1, 4],
      [1, 5],
      [0, 1],
    ])
  })

  test('has a worker help with the row group of which most is left when others have all', () => {
    expect(take(planJobs(parts(5, 3), 3), 3).map(workerAndPart)).toEqual([
      [0, 0],
      [1, 3],
      [2, 2],
    ])
  })

  test('is undefined when no part waits', () => {
    const { jobs } = start(planJobs(parts(1), 2))

    expect(nextAssignment(jobs)).toBeUndefined()
  })
})

describe('giveBackJob()', () => {
  test('gives the part to another worker, before all that wait', () => {
    const { jobs, assignment } = start(planJobs(parts(3), 2))

    const next = nextAssignment(giveBackJob(jobs, assignment))

    expect(next).toMatchObject({ part: assignment.part, worker: 1, attempts: 2 })
  })

  test('gives the part to the same worker when it is the only one', () => {
    const { jobs, assignment } = start(planJobs(parts(3), 1))

    expect(nextAssignment(giveBackJob(jobs, assignment))).toMatchObject({
      part: assignment.part,
      worker: 0,
      attempts: 2,
    })
  })
})

test('giveBackJob() forgets what the worker had decoded, and leaves it to all', () => {
  const [first, second] = take(planJobs(parts(8, 4), 2), 2) as [Started, Started]
  const lost = giveBackJob(second.jobs, first.assignment)

  const [again, next] = take(finishJob(lost, second.assignment), 2) as [Started, Started]

  expect([...lost.decoded]).toEqual([[1, 1]])
  expect([again, next].map(workerAndPart)).toEqual([
    [0, 0],
    [1, 5],
  ])
})

describe('beginJob()', () => {
  test('notes that the worker is at it', () => {
    const { jobs } = start(start(planJobs(parts(2), 2)).jobs)

    expect(beginJob(jobs, jobs.running[1]!).running.map(({ isBegun }) => isBegun)).toEqual([false, true])
  })
})

describe('isHalfDone()', () => {
  test.each([
    [10, 5],
    [11, 5],
    [1, 0],
  ])('of %d parts is true from %d on', (count, half) => {
    let jobs = planJobs(parts(count), 1)
    while (!isHalfDone(jobs)) {
      const started = start(jobs)
      jobs = finishJob(started.jobs, started.assignment)
    }

    expect(jobs.done).toHaveLength(half)
  })
})

test('every part is done once and no worker has two, whichever fails when', () => {
  fc.assert(
    fc.property(
      fc.nat(12),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.tuple(fc.nat(), fc.boolean())),
      (count, perRowGroup, workers, outcomes) => {
        let jobs = planJobs(parts(count, perRowGroup), workers)
        for (let steps = 0; !isDone(jobs) && steps < 1000; steps++) {
          while (nextAssignment(jobs) !== undefined) jobs = start(jobs).jobs
          expect(new Set([...jobs.running.map(({ worker }) => worker), ...jobs.idle]).size).toBe(workers)
          expect(jobs.running.length + jobs.idle.length).toBe(workers)
          const [pick, isGood] = outcomes.next().value
          const ended = jobs.running[pick % jobs.running.length]!
          jobs = isGood ? finishJob(jobs, ended) : giveBackJob(jobs, ended)
        }

        expect(jobs.done.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...parts(count).keys()])
      },
    ),
  )
})

interface Started {
  readonly jobs: Jobs
  readonly assignment: Assignment
}

function start(jobs: Jobs): Started {
  const assignment = nextAssignment(jobs)!
  return { jobs: startJob(jobs, assignment), assignment }
}

/** Starts so many jobs, one after the other. */
function take(jobs: Jobs, count: number): Started[] {
  const started: Started[] = []
  for (let i = 0; i < count; i++) started.push(start(started.at(-1)?.jobs ?? jobs))
  return started
}

function workerAndPart({ assignment }: Started): [number, number] {
  return [assignment.worker, assignment.part.index]
}

/** Parts, of which as many in a row are in the same row group. */
function parts(count: number, perRowGroup = 1) {
  return Array.from({ length: count }, (_, index) => ({
    index,
    rowGroup: Math.floor(index / perRowGroup),
    firstRow: 10 * index,
    rowCount: 10,
  }))
}
