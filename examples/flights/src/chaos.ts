import { type Assignment, isHalfDone, type Jobs } from './jobs.js'

/** The means of chaos. */
export interface ChaosTools {
  /** Kills the thread of a worker now. */
  kill(worker: number): void
  /** Makes a worker throw in the job that it is given next. */
  sabotage(worker: number): void
}

/**
 * What goes wrong on purpose when half of the parts are done, each once: a worker is made to throw in its next job, and
 * the thread of another is killed in the midst of its own. A worker that is alone throws first, and is killed when it
 * does its job again.
 *
 * It learns of each job that is given out, begun and done, and decides; the tools do it.
 */
export class Chaos {
  readonly #tools: ChaosTools
  #thrower: number | undefined
  #victim: number | undefined

  constructor(tools: ChaosTools) {
    this.#tools = tools
  }

  /** A worker is about to be given a job. */
  jobStarts({ worker }: Assignment, jobs: Jobs): void {
    // The victim could take its sabotage into the grave.
    if (!isHalfDone(jobs) || this.#thrower !== undefined || worker === this.#victim) return
    this.#thrower = worker
    this.#tools.sabotage(worker)
  }

  /** A worker is at its job. One that has just begun is the best victim: it is not about to end. */
  jobBegun(assignment: Assignment, jobs: Jobs): void {
    if (this.#thrower !== undefined && this.#canKill(assignment, jobs)) this.#kill(assignment)
    else this.#killLate(jobs)
  }

  jobDone(jobs: Jobs): void {
    this.#killLate(jobs)
  }

  /** Many workers have everything in hand by now, and none will begin any more. Then one is killed at what it has. */
  #killLate(jobs: Jobs): void {
    const newest = jobs.running.findLast(assignment => this.#canKill(assignment, jobs))
    if (jobs.waiting.length === 0 && newest !== undefined) this.#kill(newest)
  }

  #canKill({ worker, isBegun, attempts }: Assignment, jobs: Jobs): boolean {
    if (!isHalfDone(jobs) || this.#victim !== undefined || !isBegun) return false
    const isAlone = jobs.running.length + jobs.idle.length === 1
    return worker !== this.#thrower || (isAlone && attempts > 1)
  }

  #kill({ worker }: Assignment): void {
    this.#victim = worker
    this.#tools.kill(worker)
  }
}
