import { toError, trackResource } from '@zera/core'
import { fileURLToPath } from 'node:url'
import type { MessagePort, Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { JobOrder, JobReport, JobThreads, RunningJob } from './job-threads.js'

/**
 * Threads of Piscina's, with rails where it has none (hazard H6).
 *
 * Its own queue is not used: a job that waits there for the thread of another that was aborted waits for ever, and `maxQueue` rejects what it then runs.
 */
export class PiscinaThreads implements JobThreads {
  readonly failed: Promise<Error>
  readonly #pool: Piscina<JobOrder, JobReport>
  readonly #untrack = trackResource('thread', 'compute')

  constructor(threads: number) {
    this.#pool = new Piscina({
      // Its import throws never; what a user's module throws is in the report. Piscina settles nothing when its file throws at import.
      filename: fileURLToPath(new URL('./job-thread.js', import.meta.url)),
      minThreads: 0,
      maxThreads: threads,
      // Threads end with the pool: a start costs as much as a job.
      idleTimeout: Infinity,
      recordTiming: false,
    })
    this.failed = new Promise(resolve => {
      // Without a listener, what a finished job throws late ends the process. With jobs waiting for a thread it is the end of one that was to come.
      this.#pool.on('error', (error: unknown) => {
        if (this.#pool.queueSize > 0) resolve(toError(error))
      })
    })
  }

  run(order: JobOrder, transfer: readonly (ArrayBuffer | MessagePort)[]): RunningJob {
    const abort = new AbortController()
    const report = this.#pool.run(order, { transferList: [...transfer] as never, signal: abort.signal })
    return { report, kill: () => this.#kill(abort) }
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
    this.#untrack()
  }

  /** Piscina rejects before the thread has ended; the thread that it lets go of is the one to wait for. */
  async #kill(abort: AbortController): Promise<void> {
    const before = this.#pool.threads
    abort.abort()
    const left = new Set(this.#pool.threads)
    await Promise.all(before.filter(thread => !left.has(thread)).map(ended))
  }
}

/** A report whose buffers are moved. */
export function moving(report: JobReport, buffers: readonly ArrayBuffer[]): JobReport {
  return Piscina.move({ [Piscina.transferableSymbol]: buffers, [Piscina.valueSymbol]: report } as never) as unknown as JobReport
}

function ended(thread: Worker): Promise<void> {
  return new Promise(resolve => thread.once('exit', () => resolve()))
}
