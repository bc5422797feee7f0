import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { type Down } from '../../../base/errors/down.js'
import { ThreadStartError, type ProcessEnd } from '../../../base/errors/errors.js'
import { TextTail } from '../../../base/errors/text-tail.js'
import { describeThrown } from '../../../base/errors/thrown.js'
import { trackResource } from '../../../base/owning/resources.js'
import { DEFAULT_STOP_MS, stopMs, type StopOptions } from '../../../base/owning/service.js'
import { moduleUrl } from '../../../base/runtime/module-url.js'
import { expectOwnModule } from '../../../base/runtime/own-module.js'
import { inRootContext } from '../../../base/runtime/root-context.js'
import { callerClock, whenDue } from '../../../base/time/clock.js'
import { showAs } from '../../../base/values/show-as.js'
import { PROCESS_ENTRY } from '../../../entry-urls.js'
import type { ProcessOrder, ProcessReport, ProcessSeed } from '../../process-messages.js'
import { flagsOfProcess } from '../inherited-flags.js'
import { judgeProcess, type ProcessEnding } from './process-ending.js'

const STDERR_CHARS = 8192
/**
 * Milliseconds after its end for its last words. Others that it has started may have the same standard error, and keep
 * it open.
 */
const LAST_WORDS_MS = 100

/**
 * A process that runs a detached module, seen from the process that started it. What it writes to its standard error is
 * passed on, and the last of it kept.
 */
export class DetachedProcess {
  readonly name: string
  readonly readied: Promise<void>
  /** What it told when it was ready, if anything. */
  told: string | undefined
  readonly down: Promise<Down>
  readonly #child: ChildProcess
  readonly #stderr = new TextTail(STDERR_CHARS)
  #ending: Pick<ProcessEnding, 'error' | 'hasReported' | 'wasKilled' | 'overLimit'> = {
    error: undefined,
    hasReported: false,
    wasKilled: false,
    overLimit: undefined,
  }
  #end: ProcessEnd | undefined

  static {
    showAs(this.prototype, process => ({
      title: `Process(${process.name})`,
      parts: { pid: process.#child.pid, state: process.#end === undefined ? 'running' : 'ended' },
    }))
  }

  /**
   * @throws {ThreadStartError} When the data cannot be copied, or there is no descriptor, process or memory to be had;
   *   there is no process then.
   */
  constructor(url: URL | string, name: string, data: unknown) {
    this.name = name
    const seed: ProcessSeed = { name, url: moduleUrl(url) ?? String(url), data }
    expectCopyable(seed)
    this.#child = startChild(name)
    const forget = trackResource('process', name, leftMs => this.stop({ timeoutMs: Math.min(leftMs, DEFAULT_STOP_MS) }))
    let readied: () => void = () => undefined
    this.readied = new Promise(resolve => (readied = resolve))
    this.#child.on('message', report => this.#take(report as ProcessReport, readied))
    this.#child.stderr?.on('data', (piece: Buffer) => {
      this.#stderr.add(piece)
      process.stderr.write(piece)
    })
    this.down = new Promise(resolve => {
      const end = (): void => {
        if (this.#end !== undefined) return
        forget()
        this.#child.stderr?.destroy()
        this.#end = {
          exitCode: this.#child.exitCode ?? undefined,
          signal: this.#child.signalCode ?? undefined,
          stderr: this.#stderr.text,
        }
        resolve({ thread: name, incarnation: 1, ...judgeProcess(name, { ...this.#ending, ...this.#end }) })
      }
      // After its last report, which comes before the channel closes.
      this.#child.once('close', end)
      this.#child.once('exit', () => callerClock.after(LAST_WORDS_MS, end))
      this.#child.once('error', error => {
        this.#ending = { ...this.#ending, error }
        // One that has begun goes on: a signal or a message did not reach it.
        if (this.#child.pid === undefined) end()
      })
    })
    this.#tell(seed)
  }

  /** Its number in the operating system. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** How it has ended; undefined while it runs. */
  get end(): ProcessEnd | undefined {
    return this.#end
  }

  /** Makes it end itself when its resident memory exceeds this many MiB. The last limit counts. */
  limitRss(maxRssMb: number): void {
    this.#tell({ maxRssMb })
  }

  /**
   * Asks it to stop; after the deadline it is killed.
   *
   * @throws {RangeError} At once, when `timeoutMs` is no number of
   * milliseconds.
   */
  stop(options?: StopOptions): Promise<Down> {
    const timeoutMs = stopMs('stop a process', options)
    this.#tell('stop')
    const deadline = whenDue(callerClock, timeoutMs, () => void this.kill())
    return this.down.finally(() => deadline.cancel())
  }

  /** Kills it, now. */
  kill(): Promise<Down> {
    this.killNow()
    return this.down
  }

  /** Kills it, when nothing can wait any longer. */
  killNow(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    this.#ending = { ...this.#ending, wasKilled: true }
    this.#child.kill('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #tell(what: ProcessSeed | ProcessOrder): void {
    // A process that has gone gets no message; its end reports the rest.
    if (this.#child.connected) this.#child.send(what, () => undefined)
  }

  #take(report: ProcessReport, readied: () => void): void {
    if (report.said === 'ready') {
      this.told = report.told
      readied()
    } else if (report.said === 'stopped') this.#ending = { ...this.#ending, hasReported: true }
    else if (report.said === 'over-limit') this.#ending = { ...this.#ending, overLimit: report }
    else this.#ending = { ...this.#ending, error: report.error }
  }
}

function startChild(name: string): ChildProcess {
  const entry = fileURLToPath(expectOwnModule('@zera/core', PROCESS_ENTRY, name))
  try {
    return inRootContext(() =>
      fork(entry, {
        serialization: 'advanced',
        execArgv: flagsOfProcess(process.execArgv),
        stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
      }),
    )
  } catch (error) {
    throw new ThreadStartError(
      name,
      `no process, descriptor or memory is available for it: ${describeThrown(error)}; start fewer, or raise the limits of the system`,
      { cause: error },
    )
  }
}

function expectCopyable(seed: ProcessSeed): void {
  try {
    serialize(seed)
  } catch (error) {
    throw new ThreadStartError(seed.name, `its data cannot be copied: ${describeThrown(error)}`, { cause: error })
  }
}
