import { ActorDownError } from '@zera/actors'
import { ZeraError } from '@zera/core'
import {
  type Assignment,
  beginJob,
  finishJob,
  giveBackJob,
  isDone,
  type Jobs,
  MAX_ATTEMPTS,
  nextAssignment,
  startJob,
} from './jobs.js'

/** The workers that do the jobs, and the listener that learns of them. */
export interface JobRun {
  /** Ends the run when the next job ends: it rejects with the signal's reason. */
  readonly signal: AbortSignal
  /**
   * Has a worker do its job, and calls `begun` when the worker is at it. It rejects when the worker died of it or
   * threw.
   */
  work(assignment: Assignment, begun: () => void): Promise<void>
  /** Is called when a worker is about to be given a job. */
  onStart?(assignment: Assignment, jobs: Jobs): void
  /** Is called when a worker is at its job. */
  onBegun?(assignment: Assignment, jobs: Jobs): void
  onDone?(assignment: Assignment, jobs: Jobs): void
  /** Is called when a job will be given out again. */
  onFailed?(assignment: Assignment, error: unknown): void
}

/**
 * Has workers do all jobs, one at a time each, and does again what failed with its worker.
 *
 * @throws {Error} When a job has failed `MAX_ATTEMPTS` times; its `cause` is the last reason.
 * @throws What `work` rejects with, when asking again would not help.
 */
export async function runJobs(plan: Jobs, run: JobRun): Promise<Jobs> {
  let jobs = plan
  const begin = (assignment: Assignment): void => {
    jobs = beginJob(jobs, assignment)
    run.onBegun?.({ ...assignment, isBegun: true }, jobs)
  }
  const outcomes = new Map<number, Promise<Outcome>>()
  while (!isDone(jobs)) {
    for (let next = nextAssignment(jobs); next !== undefined; next = nextAssignment(jobs)) {
      jobs = startJob(jobs, next)
      run.onStart?.(next, jobs)
      outcomes.set(next.worker, settle(run, next, begin))
    }
    const { assignment, failure } = await Promise.race(outcomes.values())
    run.signal.throwIfAborted()
    outcomes.delete(assignment.worker)
    if (failure === undefined) {
      jobs = finishJob(jobs, assignment)
      run.onDone?.(assignment, jobs)
    } else {
      expectRepeatable(assignment, failure.error)
      jobs = giveBackJob(jobs, assignment)
      run.onFailed?.(assignment, failure.error)
    }
  }
  return jobs
}

interface Outcome {
  readonly assignment: Assignment
  readonly failure?: { readonly error: unknown }
}

/** Never rejects, so that the outcomes of those that lost the race are no unhandled rejections. */
async function settle(run: JobRun, assignment: Assignment, begin: (assignment: Assignment) => void): Promise<Outcome> {
  try {
    await run.work(assignment, () => begin(assignment))
    return { assignment }
  } catch (error) {
    return { assignment, failure: { error } }
  }
}

/**
 * A dead thread and a handler that threw are restarted. All else that Zera says, such as that an actor was given up,
 * will not change.
 */
function expectRepeatable({ part, attempts }: Assignment, error: unknown): void {
  if (error instanceof ZeraError && !(error instanceof ActorDownError)) throw error
  if (attempts >= MAX_ATTEMPTS) {
    throw new Error(`Cannot count part ${part.index + 1}: it has failed ${attempts} times`, { cause: error })
  }
}
