import { ThreadStartError, throwUncaught, toError } from '@zera/core/internal'
import { cloneable } from '../../model/cloneable-error.js'
import { NodeLimitError } from '../../model/errors.js'
import type { Report, StartOptions } from '../control/control.js'
import { LentThread, type Lending } from './lent-thread.js'

/** Orders that may wait for threads that are being started. */
const MAX_WAITING = 65_536

/**
 * The threads of one session, by the numbers of their hosts. There are never more than are lent: one counts from the
 * moment that its start is ordered until its end is reported, when nothing of it is left.
 */
export class LentThreads {
  readonly #lending: Lending
  readonly #report: (report: Report) => void
  readonly #maxThreads: number
  readonly #threads = new Map<number, Promise<LentThread>>()
  /** What ends the starts that are under way. */
  readonly #starts = new Map<number, AbortController>()
  #waiting = 0

  constructor(lending: Lending, maxThreads: number) {
    this.#report = report => lending.report(report)
    this.#lending = { ...lending, report: report => this.#take(report) }
    this.#maxThreads = maxThreads
  }

  /** Starts one, and reports what becomes of it. */
  start(number: number, options: StartOptions): void {
    const fail = (error: unknown): void =>
      this.#report({ kind: 'failed', thread: number, error: cloneable(toError(error)) })
    if (this.#threads.has(number)) {
      fail(
        new ThreadStartError(
          options.name,
          `the thread of host ${number} has not ended; start it again when it is down`,
        ),
      )
      return
    }
    if (this.#threads.size >= this.#maxThreads) {
      fail(new NodeLimitError('the number of threads', this.#threads.size + 1, this.#maxThreads))
      return
    }
    const start = new AbortController()
    const starting = LentThread.start(number, options, this.#lending, start.signal)
    this.#threads.set(number, starting)
    this.#starts.set(number, start)
    starting.then(
      () => this.#starts.delete(number),
      (error: unknown) => {
        this.#starts.delete(number)
        this.#threads.delete(number)
        fail(error)
      },
    )
  }

  /**
   * Does something with a thread once it has started. A thread that has ended meanwhile needs nothing; a failed start
   * is reported elsewhere.
   */
  with(number: number, act: (thread: LentThread) => void): void {
    const starting = this.#threads.get(number)
    if (starting === undefined) return
    if (this.#waiting >= MAX_WAITING) {
      this.#lending.fault(`${MAX_WAITING} orders wait for threads that are being started`)
      return
    }
    this.#waiting += 1
    starting
      .then(act, () => undefined)
      .catch(throwUncaught)
      .finally(() => (this.#waiting -= 1))
  }

  /** Kills one, also while it is being started, which is reported as a failed start then. */
  kill(number: number): void {
    this.#starts.get(number)?.abort()
    this.with(number, thread => void thread.kill())
  }

  /** Kills all, also those that are still being started. Resolves when nothing is left of them. */
  async end(): Promise<void> {
    for (const start of this.#starts.values()) start.abort()
    await Promise.all(
      Array.from(this.#threads.values(), async starting => (await starting.catch(() => undefined))?.kill()),
    )
  }

  #take(report: Report): void {
    if (report.kind === 'down') this.#threads.delete(report.thread)
    this.#report(report)
  }
}
