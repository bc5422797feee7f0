import type { MessagePort } from 'node:worker_threads'
import type { WorkerSettings } from '@zera/core/internal'
import type { JobSource } from './job.js'
import type { Payload } from './payload.js'

/** What a thread is to run. */
export interface JobOrder {
  readonly source: JobSource
  readonly args: Payload
  /** Which of the threads' load gates stands before its module. */
  readonly gate?: number
  /** Whether the buffers of the result are moved and not copied. */
  readonly movesResult: boolean
}

/** The outcome of a job. Both kinds can always be posted. */
export type JobReport = { readonly result: Payload } | { readonly error: Payload }

/** A job that a thread runs, or that still waits for a thread. */
export interface RunningJob {
  /** Rejects when its thread ended while running it. */
  readonly report: Promise<JobReport>
  /** Kills the thread that runs it, and no other. Resolves when that thread has ended. */
  kill(): Promise<void>
}

/** Threads that run one job each, and start on first use. */
export interface JobThreads {
  /**
   * Runs a job, on a thread that has none. `transfer` is moved to it.
   *
   * @throws {DataCloneError} When something of it
   * cannot be moved.
   */
  run(order: JobOrder, transfer: readonly (ArrayBuffer | MessagePort)[]): RunningJob
  /** Resolves with the error when a thread cannot be started. */
  readonly failed: Promise<Error>
  /** Ends all threads, wherever they are. Resolves when they have ended. */
  close(): Promise<void>
}

/**
 * Makes room for that many threads, but starts none yet.
 *
 * @param threwLate Gets the error that a thread threw after its job was over. The thread has ended.
 */
export type CreateJobThreads = (
  threads: number,
  threwLate: (error: Error) => void,
  settings: WorkerSettings,
) => Promise<JobThreads>
