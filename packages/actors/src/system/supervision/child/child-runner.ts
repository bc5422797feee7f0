import { throwUncaught, within } from '@zera/core/internal'
import type { Failure } from '../../../actor/actor-instance.js'
import type { ChildReceipt } from '../../../model/events/system-receipt.js'
import { planBackoff } from '../../../model/supervision/backoff.js'
import type { SupervisionParts } from '../supervision-parts.js'
import type { ChildNews, Exit } from './child-life.js'
import type { Child } from './child.js'
import type { Children } from './children.js'
import type { Crew } from './crew.js'

/** The most milliseconds for which one waits until the others have taken over. */
const LEAVE_MS = 1000

/** Starts, halts and ends single children of one supervisor, and keeps account of how far they are. */
export class ChildRunner {
  readonly #children: Children
  readonly #parts: SupervisionParts
  readonly #isRunning: () => boolean
  readonly #exited: (child: Child, exit: Exit) => void

  /**
   * @param isRunning Whether the supervisor runs: when it does not, nothing is started, and what ends is forgotten, but
   *   for static children.
   * @param exited Called for an end that came before the start was known to be over.
   */
  constructor(
    children: Children,
    parts: SupervisionParts,
    isRunning: () => boolean,
    exited: (child: Child, exit: Exit) => void,
  ) {
    this.#children = children
    this.#parts = parts
    this.#isRunning = isRunning
    this.#exited = exited
  }

  /**
   * Starts a child, that runs then, or is down; or has ended, when it had nothing to do. Throws, or rejects with, why
   * it does not run. Undefined when there was nothing to wait for.
   */
  start(child: Child, after: Failure | undefined): Promise<void> | undefined {
    if (child.ending !== undefined || !this.#isRunning()) throw new Error('it was stopped before it was started')
    const isWanted = child.become('starting')
    child.earlyExit = undefined
    try {
      const started = child.life.start(after)
      if (started !== undefined) return this.#startLater(child, after, isWanted, started)
    } catch (error) {
      this.#notStarted(child, after, isWanted)
      throw error
    }
    return this.#hasStarted(child, after, isWanted)
  }

  async #startLater(
    child: Child,
    after: Failure | undefined,
    isWanted: () => boolean,
    started: Promise<void>,
  ): Promise<void> {
    let hasStarted: boolean
    try {
      // It is not waited for when it was stopped: it may never come to an end.
      hasStarted = await new Promise<boolean>((resolve, reject) => {
        if (isWanted()) child.interrupt = () => resolve(false)
        else resolve(false)
        started.then(() => resolve(true), reject)
      })
    } catch (error) {
      this.#notStarted(child, after, isWanted)
      throw error
    }
    if (!hasStarted) throw new Error('it was stopped meanwhile')
    await this.#hasStarted(child, after, isWanted)
  }

  #notStarted(child: Child, after: Failure | undefined, isWanted: () => boolean): void {
    if (after !== undefined) this.#countRestart(child)
    if (isWanted()) child.become('down')
  }

  #hasStarted(child: Child, after: Failure | undefined, isWanted: () => boolean): Promise<void> | undefined {
    const exit = child.earlyExit
    if (after !== undefined) {
      this.#countRestart(child)
      child.streak = { ...child.streak, endedAt: this.#parts.clock.now() }
    }
    if (!isWanted() || !this.#isRunning()) throw new Error('it was stopped meanwhile')
    if (exit?.kind === 'ignored') return this.end(child, exit.reason, Infinity).then(() => undefined)
    child.become('running')
    child.life.tell(
      after === undefined ? { type: 'started' } : { type: 'restarted', error: after.error, restarts: child.restarts },
    )
    if (exit !== undefined) this.#exited(child, exit)
    return undefined
  }

  /** Also one that is in vain. */
  #countRestart(child: Child): void {
    child.restarts += 1
    this.#parts.restarted()
  }

  /**
   * Waits before a restart, as long as the pace of the child says, or until another request for it comes. Returns for
   * how long.
   */
  async backOff(child: Child, { error }: Failure, path: string): Promise<number> {
    const { clock, events, random } = this.#parts
    const { pace } = child
    if (!this.#isRunning() || child.state !== 'down' || (pace.isDefault && child.life.isOfThread(error))) return 0
    const { waitMs, restarts } = planBackoff(pace, child.streak, clock.now(), random)
    child.streak = { restarts, endedAt: Infinity }
    if (waitMs === 0) return 0
    const before = clock.now()
    events.emit('restart-delayed', { path, restarts, waitMs })
    await new Promise<void>(resolve => {
      const timer = clock.after(waitMs, resolve)
      child.interrupt = () => {
        timer.cancel()
        resolve()
      }
    })
    return clock.now() - before
  }

  /** Ends what runs of a child, which is to be started again. */
  async halt(child: Child, reason: string, limitMs: number): Promise<void> {
    if (child.ending === undefined) {
      child.become('down')
      await child.life.halt(reason, limitMs).catch(throwUncaught)
    } else {
      await child.ending
      if (child.state === 'stopped') child.become('down')
    }
  }

  /** Stops a child, once, and forgets it when its spec is not kept. */
  end(
    child: Child,
    reason: string,
    limitMs: number,
    news: ChildNews = { type: 'stopped', reason },
  ): Promise<readonly ChildReceipt[]> {
    child.ending ??= this.#endOnce(child, reason, limitMs, news)
    return child.ending
  }

  async #endOnce(child: Child, reason: string, limitMs: number, news: ChildNews): Promise<readonly ChildReceipt[]> {
    child.become('stopping')
    const leftMs = child.crew === undefined ? limitMs : await this.#leave(child, child.crew, limitMs)
    // What goes wrong with one must not keep its siblings from their stop.
    const receipts = (await child.life.stop(reason, leftMs).catch(throwUncaught)) ?? []
    // Static children last as long as this supervisor, which may be started again, and with them their refs.
    if (child.isKept && (this.#isRunning() || child.tenure === 'static')) {
      child.become('stopped')
      child.ending = undefined
      // Where the supervisor does not run, that is its own supervisor's to say.
      if (this.#isRunning()) child.life.keep()
    } else {
      this.#children.delete(child)
      await child.life.release().catch(throwUncaught)
    }
    if (child.hasRun) child.life.tell(news)
    return receipts
  }

  /**
   * Lets the others take over first. That is part of the child's own time, and a thread that spins does not hold it up
   * for long: what is sent from there to one that has stopped is given back.
   *
   * @returns The milliseconds that are left.
   */
  async #leave({ life, spec: { shutdownMs } }: Child, crew: Crew, limitMs: number): Promise<number> {
    const { clock, limit } = this.#parts
    const id = life.actorId
    if (shutdownMs === 'kill' || id === undefined) return limitMs
    const ownMs = Math.min(shutdownMs, limitMs)
    const before = clock.now()
    await limit.unless('hurried', within(clock, Math.min(LEAVE_MS, ownMs / 2), crew.leave(id)))
    return Math.max(0, ownMs - (clock.now() - before))
  }
}
