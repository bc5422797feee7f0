import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { after, expectMs } from './deadline.js'
import { reasonOf, type Down } from './down.js'
import { ThreadStartError } from './errors.js'
import { trackResource } from './resources.js'
import type { StopOptions } from './thread-options.js'
import { describeThrown } from './thrown.js'

/** What a process is told at its start. */
export interface ProcessSeed {
  readonly name: string
  readonly url: string
  readonly data: unknown
}

/** What a process says of itself. */
export type ProcessReport = { readonly said: 'ready' } | { readonly said: 'stopped' } | { readonly said: 'threw'; readonly error: Error }

const ENTRY = fileURLToPath(new URL('./process-entry.js', import.meta.url))
const DEFAULT_STOP_MS = 5000

/** A process that runs a detached module, seen from the process that started it. */
export class DetachedProcess {
  readonly name: string
  readonly readied: Promise<void>
  readonly down: Promise<Down>
  readonly #child: ChildProcess
  #hasReported = false
  #wasKilled = false
  #error: Error | undefined

  /** @throws {ThreadStartError} When the data cannot be copied; there is no process then. */
  constructor(url: URL | string, name: string, data: unknown) {
    this.name = name
    const seed: ProcessSeed = { name, url: String(url), data }
    expectCopyable(seed)
    this.#child = fork(ENTRY, { serialization: 'advanced', execArgv: [] })
    const forget = trackResource('process', name)
    let readied: () => void = () => undefined
    this.readied = new Promise(resolve => (readied = resolve))
    this.#child.on('message', report => this.#take(report as ProcessReport, readied))
    this.down = new Promise(resolve => {
      const end = (exitCode: number | null): void => {
        forget()
        resolve(this.#describe(exitCode ?? 1))
      }
      // After its last report, which comes before the channel closes.
      this.#child.once('close', end)
      this.#child.once('error', error => {
        this.#error = error
        end(1)
      })
    })
    this.#child.send(seed)
  }

  /** Asks it to stop; after the deadline it is killed. @throws {RangeError} At once, when `deadlineMs` is no number of milliseconds. */
  stop({ deadlineMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<Down> {
    expectMs('deadlineMs', deadlineMs)
    if (this.#child.connected) this.#child.send('stop', () => undefined)
    const cancelKill = after(deadlineMs, () => void this.kill())
    return this.down.finally(cancelKill)
  }

  /** Kills it, now. */
  kill(): Promise<Down> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#wasKilled = true
      this.#child.kill('SIGKILL')
    }
    return this.down
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #take(report: ProcessReport, readied: () => void): void {
    if (report.said === 'ready') readied()
    else if (report.said === 'stopped') this.#hasReported = true
    else this.#error = report.error
  }

  #describe(exitCode: number): Down {
    const reason = reasonOf({ exitCode, error: this.#error, hasReachedHeapLimit: false, hasReported: this.#hasReported, wasKilled: this.#wasKilled })
    return { thread: this.name, incarnation: 1, reason, exitCode, error: this.#error }
  }
}

function expectCopyable(seed: ProcessSeed): void {
  try {
    serialize(seed)
  } catch (error) {
    throw new ThreadStartError(seed.name, `its data cannot be copied: ${describeThrown(error)}`, { cause: error })
  }
}
