import { fileURLToPath } from 'node:url'
import type { MessagePort, Worker } from 'node:worker_threads'
import {
  expectOwnModule,
  MAX_LOADING_MS,
  stayAlive,
  systemClock,
  toError,
  trackResource,
  within,
  workerSettings,
  type WorkerSettings,
} from '@zera/core/internal'
import { JOB_THREAD } from '../../entry-urls.js'
import type { JobOrder, JobReport, JobThreads, RunningJob } from '../../model/jobs/job-threads.js'
import { gateAt, Piscina } from '../piscina.js'

/**
 * Threads of Piscina's, with rails where it has none (hazard H6).
 *
 * Its own queue is not used: a job that waits there for the thread of an aborted one waits forever, and `maxQueue`
 * rejects jobs that it then runs.
 */
export class PiscinaThreads implements JobThreads {
  readonly failed: Promise<Error>
  readonly #pool: Piscina<JobOrder, JobReport>
  readonly #gates: Int32Array
  readonly #freeGates: number[]
  readonly #running = new Set<number>()
  /** The ids of the threads that have loaded what they begin with. */
  readonly #loaded = new Set<number>()
  readonly #untrack = trackResource('thread', 'compute')

  constructor(threads: number, threwLate: (error: Error) => void, { env, argv, execArgv }: WorkerSettings) {
    this.#gates = new Int32Array(new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT))
    this.#freeGates = Array.from(this.#gates.keys())
    this.#pool = new Piscina({
      // Its import never throws; what a user's module throws is in the report. Piscina settles nothing when its file throws at import.
      filename: fileURLToPath(expectOwnModule('@zera/actors', JOB_THREAD, 'compute')),
      minThreads: 0,
      maxThreads: threads,
      // Threads end with the pool: a start costs as much as a job.
      idleTimeout: Infinity,
      recordTiming: false,
      workerData: this.#gates,
      ...(workerSettings({ env, argv, execArgv }) as Pick<PiscinaOptions, 'env' | 'argv' | 'execArgv'>),
    })
    this.#pool.on('workerCreate', ({ id }: CreatedThread) => this.#loaded.add(id))
    this.failed = new Promise(resolve => {
      // Without a listener, what a finished job throws late ends the process. With jobs waiting for a thread it is the end of one that was to come.
      this.#pool.on('error', (error: unknown) => {
        if (this.#pool.queueSize > 0) resolve(toError(error))
        else threwLate(toError(error))
      })
    })
  }

  run(order: JobOrder, transfer: readonly (ArrayBuffer | MessagePort)[]): RunningJob {
    const gate = this.#freeGates.pop() as number
    Atomics.store(this.#gates, gate, 0)
    this.#running.add(gate)
    const abort = new AbortController()
    const report = this.#pool.run({ ...order, gate }, { transferList: [...transfer] as never, signal: abort.signal })
    let isKilled = false
    const kill = async (): Promise<void> => {
      isKilled = true
      await this.#kill(abort, gate)
      this.#free(gate)
    }
    // The gate of a thread that is being killed is not free before that has ended.
    return { report: report.finally(() => isKilled || this.#free(gate)), kill }
  }

  async close(): Promise<void> {
    await Promise.all([
      ...Array.from(this.#running, gate => this.#idle(gate)),
      ...this.#pool.threads.map(thread => this.#begun(thread)),
    ])
    await this.#pool.destroy()
    this.#untrack()
  }

  /** Piscina rejects before the thread has ended; the thread that it lets go of is the one to wait for. */
  async #kill(abort: AbortController, gate: number): Promise<void> {
    await this.#idle(gate)
    const before = this.#pool.threads
    abort.abort()
    const left = new Set(this.#pool.threads)
    await Promise.all(before.filter(thread => !left.has(thread)).map(ended))
  }

  #free(gate: number): void {
    this.#running.delete(gate)
    this.#freeGates.push(gate)
  }

  /** Resolves when the thread of a job loads nothing any more, or does so for too long. */
  async #idle(gate: number): Promise<void> {
    const loads = gateAt(this.#gates, gate)
    if (loads.close()) return
    const mayEnd = stayAlive()
    await loads.idle()
    mayEnd()
  }

  /** Resolves when a thread has loaded what it begins with, or does so for too long. */
  async #begun(thread: Worker): Promise<void> {
    if (this.#loaded.has(thread.threadId)) return
    const mayEnd = stayAlive()
    const hasBegun = new Promise<void>(resolve => {
      this.#pool.on('workerCreate', ({ id }: CreatedThread) => {
        if (id === thread.threadId) resolve()
      })
    })
    await within(systemClock, MAX_LOADING_MS, Promise.race([hasBegun, ended(thread)]))
    mayEnd()
  }
}

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>

/** A thread in Piscina's event. */
interface CreatedThread {
  readonly id: number
}

function ended(thread: Worker): Promise<void> {
  return new Promise(resolve => thread.once('exit', () => resolve()))
}
