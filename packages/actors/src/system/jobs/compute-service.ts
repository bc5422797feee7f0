import { MessagePort } from 'node:worker_threads'
import { expectNumber, Queue, toError, whenDue, type Clock, type StopOptions, type Filled } from '@zera/core/internal'
import type { JobService } from '../../messaging/services/system-service.js'
import {
  ComputeQueueFullError,
  ComputeThreadError,
  ComputeTimeoutError,
  SystemStoppedError,
} from '../../model/errors.js'
import type { ComputeLimits, ComputeOptions } from '../../model/jobs/compute-options.js'
import type { JobReport, JobThreads, RunningJob } from '../../model/jobs/job-threads.js'
import type { JobKey, JobSource } from '../../model/jobs/job.js'
import { buffersOf, readPayload, writePayload, type Payload } from '../../model/jobs/payload.js'

const DEFAULT_STOP_MS = 5000

interface PendingJob {
  readonly key: JobKey
  readonly source: JobSource
  args: Payload
  transfer: readonly (ArrayBuffer | MessagePort)[]
  readonly movesResult: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Lets go of its timer. */
  release: () => void
  running: RunningJob | undefined
  /** Set once, when a caller gives it up. */
  isGivenUp: boolean
}

/**
 * Takes the jobs of all hosts, in the main thread, and runs them on threads of its own. Each job runs on one thread
 * from start to end, in order of arrival.
 *
 * It starts the threads with the first job. When none can be started, it rejects the waiting jobs; the next job tries
 * anew.
 */
export class ComputeService implements JobService {
  readonly #create: (threads: number) => Promise<JobThreads>
  readonly #limits: Filled<ComputeLimits>
  readonly #clock: Clock
  readonly #jobs = new Map<string, PendingJob>()
  readonly #waiting = new Queue<PendingJob>()
  readonly #running = new Set<PendingJob>()
  #opening: Promise<void> | undefined
  #threads: JobThreads | undefined
  #idle: (() => void) | undefined
  /** Why its threads have failed, until they are closed. */
  #failure: Error | undefined
  #stopping: Promise<void> | undefined

  /** @param create Starts what it runs jobs on. Until that is there, jobs wait. */
  constructor(create: (threads: number) => Promise<JobThreads>, limits: Filled<ComputeLimits>, clock: Clock) {
    this.#create = create
    this.#limits = limits
    this.#clock = clock
  }

  /** Jobs that run, and that wait for a thread. */
  get statistics(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running.size, waiting: this.#waiting.size }
  }

  /**
   * Runs a job. The arguments are copied, or moved, before this returns.
   *
   * It rejects with what the job throws, unchanged; with ComputeQueueFullError, ComputeTimeoutError, an AbortError,
   * JobNotFoundError or JobFunctionError; with ComputeThreadError when the job's thread ended during the job.
   */
  async run(
    key: JobKey,
    source: JobSource,
    args: readonly unknown[],
    { timeoutMs = Infinity, transfer = [], transferResult = false }: Omit<ComputeOptions, 'signal'> = {},
  ): Promise<unknown> {
    const over = this.#whyOver()
    if (over !== undefined) throw over
    expectNumber('compute', 'timeoutMs', timeoutMs)
    const { threads, maxQueue } = this.#limits
    if (this.#running.size + this.#waiting.size >= threads + maxQueue) throw new ComputeQueueFullError(maxQueue)
    const written = writePayload(args)
    this.#opening ??= this.#open()
    return await new Promise((resolve, reject) => {
      const job: PendingJob = {
        key,
        source,
        args: written,
        transfer,
        movesResult: transferResult,
        resolve,
        reject,
        release: () => undefined,
        running: undefined,
        isGivenUp: false,
      }
      this.#jobs.set(String(key), job)
      this.#limit(job, timeoutMs)
      try {
        if (this.#threads === undefined || this.#running.size >= threads) this.#wait(job)
        else this.#start(this.#threads, job)
      } catch (error) {
        // What it has cannot be copied, or not moved.
        this.#forget(job)
        reject(error)
      }
    })
  }

  /** Gives a job up; does nothing when it is over. */
  abort(key: JobKey): void {
    const job = this.#jobs.get(String(key))
    if (job !== undefined) void this.#giveUp(job, abortError())
  }

  /** A host has gone down, so no caller waits for its jobs. */
  hostDown(host: number): void {
    for (const job of this.#jobs.values()) if (job.key[0] === host) void this.#giveUp(job, abortError())
  }

  /**
   * Takes no more jobs, and lets the others finish within the deadline. Then it kills those that are left: they reject
   * with SystemStoppedError.
   */
  stop({ timeoutMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  /** Keeps a snapshot: the caller may go on with what it did not hand over. */
  #wait(job: PendingJob): void {
    const carried = structuredClone(job.args.carried, { transfer: [...job.transfer] as ArrayBuffer[] })
    job.args = { ...job.args, carried }
    job.transfer = [...buffersOf(job.args), ...carried.filter(item => item instanceof MessagePort)]
    this.#waiting.add(job)
  }

  async #open(): Promise<void> {
    try {
      const threads = await this.#create(this.#limits.threads)
      this.#threads = threads
      void threads.failed.then(error => {
        if (this.#threads === threads) this.#fail(error)
      })
      this.#startWaiting()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(cause: unknown): void {
    this.#failure = new ComputeThreadError('no thread can be started', { cause })
    if (this.#stopping === undefined) void this.#close()
  }

  #startWaiting(): void {
    while (this.#threads !== undefined && this.#running.size < this.#limits.threads) {
      const next = this.#waiting.take()
      if (next === undefined) return
      try {
        this.#start(this.#threads, next)
      } catch (error) {
        this.#forget(next)
        next.reject(error)
      }
    }
  }

  #start(threads: JobThreads, job: PendingJob): void {
    const { source, args, transfer, movesResult } = job
    const running = threads.run({ source, args, movesResult }, transfer)
    job.running = running
    this.#running.add(job)
    running.report.then(
      report => this.#reported(job, report),
      (error: unknown) => this.#threadEnded(job, toError(error)),
    )
  }

  #limit(job: PendingJob, timeoutMs: number): void {
    if (timeoutMs === Infinity) return
    const late = (): void => void this.#giveUp(job, new ComputeTimeoutError(job.source.name, timeoutMs))
    const timer = whenDue(this.#clock, timeoutMs, late)
    job.release = () => timer.cancel()
  }

  #reported(job: PendingJob, report: JobReport): void {
    // The abort settles it when its thread has ended.
    if (job.isGivenUp) return
    try {
      if ('result' in report) {
        const [result] = readPayload(report.result)
        this.#settled(job, () => job.resolve(result))
      } else {
        const [error] = readPayload(report.error)
        this.#settled(job, () => job.reject(error))
      }
    } catch (error) {
      this.#settled(job, () => job.reject(error))
    }
  }

  #threadEnded(job: PendingJob, error: Error): void {
    if (job.isGivenUp) return
    // What cannot be moved never left.
    const why =
      error.name === 'DataCloneError'
        ? error
        : new ComputeThreadError(`the thread of ${job.source.name} ended: ${error.message}`, { cause: error })
    this.#settled(job, () => job.reject(this.#whyOver() ?? why))
  }

  async #giveUp(job: PendingJob, why: unknown): Promise<void> {
    if (job.isGivenUp) return
    job.isGivenUp = true
    try {
      if (job.running === undefined) this.#waiting.takeWhere(waiting => waiting === job)
      else await job.running.kill()
    } finally {
      this.#settled(job, () => job.reject(why))
    }
  }

  #settled(job: PendingJob, settle: () => void): void {
    this.#forget(job)
    this.#running.delete(job)
    settle()
    this.#startWaiting()
    if (this.#running.size === 0) this.#idle?.()
  }

  #forget(job: PendingJob): void {
    job.release()
    this.#jobs.delete(String(job.key))
  }

  async #stop(timeoutMs: number): Promise<void> {
    await this.#opening
    if (timeoutMs > 0 && this.#running.size > 0) {
      const idle = new Promise<void>(resolve => (this.#idle = resolve))
      const deadline = timeoutMs === Infinity ? undefined : whenDue(this.#clock, timeoutMs, () => this.#idle?.())
      await idle
      deadline?.cancel()
    }
    await this.#close()
  }

  async #close(): Promise<void> {
    for (let job = this.#waiting.take(); job !== undefined; job = this.#waiting.take()) {
      this.#forget(job)
      job.reject(this.#whyOver())
    }
    try {
      await this.#threads?.close()
    } finally {
      this.#threads = undefined
      this.#opening = undefined
      this.#failure = undefined
    }
  }

  /** Why it takes no jobs; undefined when it does. */
  #whyOver(): Error | undefined {
    return this.#failure ?? (this.#stopping === undefined ? undefined : new SystemStoppedError('compute'))
  }
}

function abortError(): Error {
  return new DOMException('This operation was aborted', 'AbortError')
}
