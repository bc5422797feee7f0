import { describe, expect, test } from 'vitest'
import { Chaos } from './chaos.js'
import { beginJob, finishJob, giveBackJob, isDone, type Jobs, nextAssignment, planJobs, startJob } from './jobs.js'

describe('Chaos', () => {
  test.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 64])(
    'among %d workers kills one at its job and makes another throw, once each, half-way',
    workers => {
      const { kills, sabotages } = simulate(workers)

      expect(kills).toHaveLength(1)
      expect(sabotages).toHaveLength(1)
      expect(sabotages[0]!.worker).not.toBe(kills[0]!.worker)
      expect(kills[0]!.done).toBeGreaterThanOrEqual(5)
      expect(sabotages[0]!.done).toBeGreaterThanOrEqual(5)
    },
  )

  test('makes the only worker throw, and kills it when it does its job again', () => {
    expect(simulate(1).strikes).toEqual(['throw', 'kill'])
  })

  test('kills a worker that has just begun, as long as any will begin', () => {
    for (const workers of [1, 2, 3, 4, 5]) expect(simulate(workers).kills[0]!.ageMs).toBe(0)
  })
})

/**
 * Plays eleven jobs, one event in each millisecond: a job that was given out is begun, or else the oldest one ends. Who
 * is struck fails.
 */
function simulate(workers: number) {
  const strikes: string[] = []
  const kills: { worker: number; done: number; ageMs: number }[] = []
  const sabotages: { worker: number; done: number }[] = []
  const failing = new Set<number>()
  const begunAtMs = new Map<number, number>()
  let nowMs = 0
  let jobs: Jobs = planJobs(
    Array.from({ length: 11 }, (_, index) => ({ index, rowGroup: index, firstRow: index, rowCount: 1 })),
    workers,
  )
  const chaos = new Chaos({
    kill: worker => {
      strikes.push('kill')
      kills.push({ worker, done: jobs.done.length, ageMs: nowMs - begunAtMs.get(worker)! })
      failing.add(worker)
    },
    sabotage: worker => {
      strikes.push('throw')
      sabotages.push({ worker, done: jobs.done.length })
      failing.add(worker)
    },
  })

  for (; !isDone(jobs); nowMs++) {
    for (let next = nextAssignment(jobs); next !== undefined; next = nextAssignment(jobs)) {
      jobs = startJob(jobs, next)
      chaos.jobStarts(next, jobs)
    }
    const beginning = jobs.running.find(({ isBegun }) => !isBegun)
    const ending = jobs.running[0]!
    if (beginning !== undefined) {
      begunAtMs.set(beginning.worker, nowMs)
      jobs = beginJob(jobs, beginning)
      chaos.jobBegun({ ...beginning, isBegun: true }, jobs)
    } else if (failing.delete(ending.worker)) {
      jobs = giveBackJob(jobs, ending)
    } else {
      jobs = finishJob(jobs, ending)
      chaos.jobDone(jobs)
    }
  }
  return { strikes, kills, sabotages }
}
