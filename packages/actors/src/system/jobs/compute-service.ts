import { MessagePort } from 'node:worker_threads'
import { onAbort, Queue, type Service, type StopOptions, toError } from '@zera/core/internal'
import {
  ComputeQueueFullError,
  ComputeThreadError,
  ComputeTimeoutError,
  SystemStoppedError,
} from '../../model/errors.js'
import type { ComputeLimits, ComputeOptions } from '../../model/jobs/compute-options.js'
import type { JobReport, JobThreads, RunningJob } from '../../model/jobs/job-threads.js'
import type { JobSource } from '../../model/jobs/job.js'
import { buffersOf, readPayload, writePayload, type Payload } from '../../model/jobs/payload.js'
import { isTimeout } from '../../model/time/aborted.js'
import { catchUp, whenDue, type Clock } from '../../model/time/clock.js'

const DEFAULT_STOP_MS = 5000

interface PendingJob {
  readonly source: JobSource
  args: Payload
  transfer: readonly (ArrayBuffer | MessagePort)[]
  readonly movesResult: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Lets go of its timer and its signal. */
  release: () => void
  running: RunningJob | undefined
  /** Set once, when somebody gives it up. */
  isGivenUp: boolean
}

/**
 * Runs jobs on threads of its own, each on one thread from its start to its end, in the order in which they came.
 *
 * It is a `Service`: it fails when it cannot start threads, and what waits for it then rejects.
 */
export class ComputeService implements Service {
  readonly ended: Promise<Error | undefined>
  readonly #limits: Required<ComputeLimits>
  readonly #clock: Clock
  readonly #waiting = new Queue<PendingJob>()
  readonly #running = new Set<PendingJob>()
  readonly #opening: Promise<void>
  #threads: JobThreads | undefined
  #idle: (() => void) | undefined
  #end: (error: Error | undefined) => void = () => undefined
  #failure: Error | undefined
  #stopping: Promise<void> | undefined

  /** @param threads What it runs jobs on. Until it is there, jobs wait. */
  constructor(threads: Promise<JobThreads>, limits: Required<ComputeLimits>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.ended = new Promise(resolve => (this.#end = resolve))
    this.#opening = threads.then(opened => this.#open(opened)).catch((error: unknown) => this.#fail(error))
  }

  /** Jobs that run, and that wait for a thread. */
  get statistics(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running.size, waiting: this.#waiting.size }
  }

  /**
   * Runs a job. The arguments are copied, or moved, before this returns.
   *
   * It rejects with what the job throws, as it was there; with ComputeQueueFullError, ComputeTimeoutError, the signal's
   * reason, JobNotFoundError or JobFunctionError; with ComputeThreadError when the job's thread ended under it.
   */
  async run(
    source: JobSource,
    args: readonly unknown[],
    { signal, timeoutMs = Infinity, transfer = [], transferResult = false }: ComputeOptions = {},
  ): Promise<unknown> {
    if (this.#stopping !== undefined) throw this.#whyOver()
    if (!(timeoutMs >= 0)) throw new RangeError(`Cannot compute: timeoutMs must be 0 or more, not ${timeoutMs}`)
    signal?.throwIfAborted()
    const { threads, maxQueue } = this.#limits
    if (this.#running.size + this.#waiting.size >= threads + maxQueue) throw new ComputeQueueFullError(maxQueue)
    const written = writePayload(args)
    return await new Promise((resolve, reject) => {
      const job: PendingJob = {
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
      if (this.#threads === undefined || this.#running.size >= threads) this.#wait(job)
      else this.#start(this.#threads, job)
      this.#limit(job, timeoutMs, signal)
    })
  }

  /**
   * Lets jobs come to their end within the deadline, then kills those that are left: they reject with
   * SystemStoppedError.
   */
  stop({ deadlineMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs)
    return this.#stopping
  }

  /** Keeps a snapshot: the caller may go on with what it did not hand over. */
  #wait(job: PendingJob): void {
    const carried = structuredClone(job.args.carried, { transfer: [...job.transfer] as ArrayBuffer[] })
    job.args = { ...job.args, carried }
    job.transfer = [...buffersOf(job.args), ...carried.filter(item => item instanceof MessagePort)]
    this.#waiting.add(job)
  }

  #open(threads: JobThreads): void {
    this.#threads = threads
    void threads.failed.then(error => this.#fail(error))
    this.#startWaiting()
  }

  #fail(cause: unknown): void {
    this.#failure = new ComputeThreadError('no thread can be started', { cause })
    this.#stopping ??= this.#close()
  }

  #startWaiting(): void {
    while (this.#threads !== undefined && this.#running.size < this.#limits.threads) {
      const next = this.#waiting.take()
      if (next === undefined) return
      this.#start(this.#threads, next)
    }
  }

  #start(threads: JobThreads, job: PendingJob): void {
    const { source, args, transfer, movesResult } = job
    let running: RunningJob
    try {
      running = threads.run({ source, args, movesResult }, transfer)
    } catch (error) {
      job.release()
      job.reject(toError(error))
      return
    }
    job.running = running
    this.#running.add(job)
    running.report.then(
      report => this.#reported(job, report),
      (error: unknown) => this.#threadEnded(job, toError(error)),
    )
  }

  #limit(job: PendingJob, timeoutMs: number, signal: AbortSignal | undefined): void {
    const timer =
      timeoutMs === Infinity
        ? undefined
        : whenDue(
            this.#clock,
            timeoutMs,
            () => void this.#giveUp(job, new ComputeTimeoutError(job.source.name, timeoutMs)),
          )
    const giveUp = (): void => void this.#giveUp(job, signal?.reason)
    const abort = (): void => (isTimeout(signal?.reason) ? catchUp(this.#clock, 0, giveUp) : giveUp())
    const forget = signal === undefined ? undefined : onAbort(signal, abort)
    job.release = () => {
      timer?.cancel()
      forget?.()
    }
  }

  #reported(job: PendingJob, report: JobReport): void {
    // Who gave it up settles it when its thread has ended.
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
    this.#settled(job, () => job.reject(this.#stopping === undefined ? why : this.#whyOver()))
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
    job.release()
    this.#running.delete(job)
    settle()
    this.#startWaiting()
    if (this.#running.size === 0) this.#idle?.()
  }

  async #stop(deadlineMs: number): Promise<void> {
    await this.#opening
    if (deadlineMs > 0 && this.#running.size > 0) {
      const idle = new Promise<void>(resolve => (this.#idle = resolve))
      const deadline = deadlineMs === Infinity ? undefined : whenDue(this.#clock, deadlineMs, () => this.#idle?.())
      await idle
      deadline?.cancel()
    }
    await this.#close()
  }

  async #close(): Promise<void> {
    for (let job = this.#waiting.take(); job !== undefined; job = this.#waiting.take()) {
      job.release()
      job.reject(this.#whyOver())
    }
    try {
      await this.#threads?.close()
    } finally {
      this.#end(this.#failure)
    }
  }

  #whyOver(): Error {
    return this.#failure ?? new SystemStoppedError('compute')
  }
}
