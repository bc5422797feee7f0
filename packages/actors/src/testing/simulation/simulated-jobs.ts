import runJob from '../../jobs/inside/job-thread.js'
import type { JobOrder, JobReport, JobThreads, RunningJob } from '../../model/jobs/job-threads.js'
import type { World } from './world.js'

/** Milliseconds that a job takes at most in a simulation. */
const JOB_MS = 20

/** Jobs that run in this thread, and take a while of its simulated time. */
export class SimulatedJobs implements JobThreads {
  readonly failed = new Promise<never>(() => undefined)
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  run(order: JobOrder): RunningJob {
    let kill: () => void = () => undefined
    const killed = new Promise<never>(
      (_resolve, reject) => (kill = () => reject(new Error('The thread of a simulated job was killed'))),
    )
    const done = new Promise<void>(resolve => this.#world.agenda.add(this.#world.someMs(JOB_MS), resolve))
    const report: Promise<JobReport> = done.then(() => runJob({ ...order, movesResult: false }))
    return {
      report: Promise.race([report, killed]),
      kill: () => {
        kill()
        return Promise.resolve()
      },
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
