import type { RowGroup } from './flights-file.js'

/** A row group that must be counted. */
interface Job {
  readonly rowGroup: RowGroup
  /** How often a worker has been given it, with this time. */
  readonly attempts: number
}

/** A job in the hands of a worker. */
export interface Assignment extends Job {
  /** The number of the worker, from 0. */
  readonly worker: number
  /** Whether the worker has said that it is at it. */
  readonly isBegun: boolean
}

/** Which worker has which job. It is replaced at each change, never changed. */
export interface Jobs {
  /** No worker has them; the next one first. */
  readonly waiting: readonly Job[]
  /** The one that was started first comes first. */
  readonly running: readonly Assignment[]
  /** Workers without a job; the one that has waited longest comes first. */
  readonly idle: readonly number[]
  readonly done: readonly RowGroup[]
}

/** A row group that fails so often is the cause itself, and not the victim. */
export const MAX_ATTEMPTS = 5

/** All row groups wait, all workers are idle. */
export function planJobs(rowGroups: readonly RowGroup[], workers: number): Jobs {
  return {
    waiting: rowGroups.map(rowGroup => ({ rowGroup, attempts: 0 })),
    running: [],
    idle: Array.from({ length: workers }, (_, worker) => worker),
    done: [],
  }
}

/** The next job for the next worker, or undefined when there is none or no worker is idle. */
export function nextAssignment(jobs: Jobs): Assignment | undefined {
  const [job] = jobs.waiting
  const [worker] = jobs.idle
  if (job === undefined || worker === undefined) return undefined
  return { rowGroup: job.rowGroup, attempts: job.attempts + 1, worker, isBegun: false }
}

/** What `nextAssignment` gave is started. */
export function startJob(jobs: Jobs, assignment: Assignment): Jobs {
  return { ...jobs, waiting: jobs.waiting.slice(1), idle: jobs.idle.slice(1), running: [...jobs.running, assignment] }
}

/** The worker has said that it is at its job. */
export function beginJob(jobs: Jobs, { worker }: Assignment): Jobs {
  return {
    ...jobs,
    running: jobs.running.map(assignment =>
      assignment.worker === worker ? { ...assignment, isBegun: true } : assignment,
    ),
  }
}

/** The worker has done its job. */
export function finishJob(jobs: Jobs, assignment: Assignment): Jobs {
  return { ...release(jobs, assignment), done: [...jobs.done, assignment.rowGroup] }
}

/** The worker has failed: its job is the next one, for an idle worker; that is this one if no other is. */
export function giveBackJob(jobs: Jobs, assignment: Assignment): Jobs {
  const { rowGroup, attempts } = assignment
  return { ...release(jobs, assignment), waiting: [{ rowGroup, attempts }, ...jobs.waiting] }
}

export function isDone({ waiting, running }: Jobs): boolean {
  return waiting.length === 0 && running.length === 0
}

/** Whether half of the row groups are done, or as near to half as whole row groups come: five of eleven. */
export function isHalfDone({ waiting, running, done }: Jobs): boolean {
  return done.length + 1 >= waiting.length + running.length
}

function release(jobs: Jobs, { worker }: Assignment): Jobs {
  return { ...jobs, running: jobs.running.filter(other => other.worker !== worker), idle: [...jobs.idle, worker] }
}
