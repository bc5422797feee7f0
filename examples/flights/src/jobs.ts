import type { Part } from './parts.js'

/** A part of the file that must be counted. */
interface Job {
  readonly part: Part
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
  readonly done: readonly Part[]
  /** Which row group each worker has decoded, if it has any. */
  readonly decoded: ReadonlyMap<number, number>
}

/** A part that fails so often is the cause itself, and not the victim. */
export const MAX_ATTEMPTS = 5

/** All parts wait, all workers are idle. */
export function planJobs(parts: readonly Part[], workers: number): Jobs {
  return {
    waiting: parts.map(part => ({ part, attempts: 0 })),
    running: [],
    idle: Array.from({ length: workers }, (_, worker) => worker),
    done: [],
    decoded: new Map(),
  }
}

/** The next job for the next worker, or undefined when there is none or no worker is idle. */
export function nextAssignment(jobs: Jobs): Assignment | undefined {
  const [worker] = jobs.idle
  const job = worker === undefined ? undefined : chooseJob(jobs, worker)
  if (worker === undefined || job === undefined) return undefined
  return { part: job.part, attempts: job.attempts + 1, worker, isBegun: false }
}

/** What `nextAssignment` gave is started. */
export function startJob(jobs: Jobs, assignment: Assignment): Jobs {
  const { part, worker } = assignment
  return {
    ...jobs,
    waiting: jobs.waiting.filter(job => job.part !== part),
    idle: jobs.idle.slice(1),
    running: [...jobs.running, assignment],
    decoded: new Map(jobs.decoded).set(worker, part.rowGroup),
  }
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
  return { ...release(jobs, assignment), done: [...jobs.done, assignment.part] }
}

/**
 * The worker has failed, and what it had decoded is lost. Its job is the next one, for an idle worker; that is this one
 * if no other is.
 */
export function giveBackJob(jobs: Jobs, assignment: Assignment): Jobs {
  const { part, attempts, worker } = assignment
  const decoded = new Map(jobs.decoded)
  decoded.delete(worker)
  return { ...release(jobs, assignment), waiting: [{ part, attempts }, ...jobs.waiting], decoded }
}

export function isDone({ waiting, running }: Jobs): boolean {
  return waiting.length === 0 && running.length === 0
}

/** Whether half of the parts are done, or as near to half as whole parts come: five of eleven. */
export function isHalfDone({ waiting, running, done }: Jobs): boolean {
  return done.length + 1 >= waiting.length + running.length
}

/**
 * What was given back comes first. Then a worker goes on with the row group that it has decoded, begins one that no
 * other has, and at last, when there is none, helps with the one of which most is left.
 */
function chooseJob({ waiting, decoded }: Jobs, worker: number): Job | undefined {
  const [first] = waiting
  if (first === undefined || first.attempts > 0) return first
  const own = decoded.get(worker)
  const taken = new Set(decoded.values())
  return (
    waiting.find(({ part }) => part.rowGroup === own) ??
    waiting.find(({ part }) => !taken.has(part.rowGroup)) ??
    lastOfLargest(waiting)
  )
}

function lastOfLargest(waiting: readonly Job[]): Job | undefined {
  const left = new Map<number, number>()
  for (const { part } of waiting) left.set(part.rowGroup, (left.get(part.rowGroup) ?? 0) + 1)
  const most = Math.max(...left.values())
  return waiting.findLast(({ part }) => left.get(part.rowGroup) === most)
}

function release(jobs: Jobs, { worker }: Assignment): Jobs {
  return { ...jobs, running: jobs.running.filter(other => other.worker !== worker), idle: [...jobs.idle, worker] }
}
