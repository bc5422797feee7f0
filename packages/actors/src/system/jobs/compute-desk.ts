import type { StopOptions } from '@zera/core/internal'
import { SystemStoppedError } from '../../model/errors.js'
import type { ComputeLimits, ComputeOptions } from '../../model/jobs/compute-options.js'
import type { JobThreads } from '../../model/jobs/job-threads.js'
import type { JobKey, JobSource } from '../../model/jobs/job.js'
import type { Clock } from '../../model/time/clock.js'
import { ComputeService } from './compute-service.js'

interface DeskJob {
  readonly host: number
  readonly abort: AbortController
}

/**
 * Takes the jobs of all hosts, in the main thread. What runs them is started with the first, and again when it has
 * failed.
 */
export class ComputeDesk {
  readonly #create: (threads: number) => Promise<JobThreads>
  readonly #limits: Required<ComputeLimits>
  readonly #clock: Clock
  readonly #jobs = new Map<string, DeskJob>()
  #service: ComputeService | undefined
  #isStopped = false

  constructor(create: (threads: number) => Promise<JobThreads>, limits: Required<ComputeLimits>, clock: Clock) {
    this.#create = create
    this.#limits = limits
    this.#clock = clock
  }

  /** Jobs that run, and that wait for a thread. */
  get statistics(): ComputeService['statistics'] {
    return this.#service?.statistics ?? { running: 0, waiting: 0 }
  }

  /**
   * Runs a job.
   *
   * @see ComputeService.run
   */
  async run(
    key: JobKey,
    source: JobSource,
    args: readonly unknown[],
    options: Omit<ComputeOptions, 'signal'>,
  ): Promise<unknown> {
    const abort = new AbortController()
    this.#jobs.set(String(key), { host: key[0], abort })
    try {
      return await this.#running().run(source, args, { ...options, signal: abort.signal })
    } finally {
      this.#jobs.delete(String(key))
    }
  }

  /** Gives a job up; one that is over is over. */
  abort(key: JobKey): void {
    this.#jobs.get(String(key))?.abort.abort()
  }

  /** A host has gone down: nobody waits for its jobs. */
  hostDown(host: number): void {
    for (const job of this.#jobs.values()) if (job.host === host) job.abort.abort()
  }

  /** Takes no more jobs, and stops what runs them. */
  async stop(options: StopOptions): Promise<void> {
    this.#isStopped = true
    await this.#service?.stop(options)
  }

  #running(): ComputeService {
    if (this.#isStopped) throw new SystemStoppedError('compute')
    if (this.#service === undefined) {
      const service = new ComputeService(this.#create(this.#limits.threads), this.#limits, this.#clock)
      this.#service = service
      void service.ended.then(() => {
        if (!this.#isStopped) this.#service = undefined
      })
    }
    return this.#service
  }
}
