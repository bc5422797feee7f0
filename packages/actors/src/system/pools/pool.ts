import { throwUncaught, type Clock, type Cancellable } from '@zera/core/internal'
import type { WorkerReport } from '../../host/pools/pool-member.js'
import type { PoolTable } from '../../host/pools/pool-sender.js'
import { type Address, POOL_HOST } from '../../model/address.js'
import { planSize, type PoolBounds } from '../../model/pools/pool-size.js'
import { isWornOut, type Recycling, type WorkerUse } from '../../model/pools/recycling.js'
import type { RouteName } from '../../model/pools/routes.js'
import type { RefData } from '../../model/refs/ref.js'
import { NO_STREAK, planBackoff } from '../../model/supervision/backoff.js'
import type { Random } from '../../model/time/random.js'
import type { Crew } from '../supervision/child/crew.js'

/** Milliseconds from one look at the workers to the next. */
export const LOOK_EVERY_MS = 250

/**
 * The pace at which workers that are given up repeatedly are replaced. Before that, each has been restarted as often as
 * it may.
 */
const REPLACEMENT_PACE = { firstMs: LOOK_EVERY_MS, factor: 2, maxMs: 5000, immediate: 0, recoveredMs: 5000 }

/** What a pool is. */
export interface PoolPlan {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly definition: string
  readonly route: RouteName
  readonly bounds: PoolBounds
  readonly recycle: Recycling
}

/** What a pool needs of the system. */
interface PoolOwner {
  readonly clock: Clock
  readonly random: Random
  /** Starts the worker of an index. */
  spawn(index: number): Promise<RefData>
  /** Lets a worker handle what it has, and stops it. */
  stop(worker: Address, reason: string): Promise<unknown>
  /** Makes all hosts send by a table. Resolves when workers that are no longer in it have all that was sent to them. */
  publish(table: PoolTable): Promise<void>
  /**
   * Makes all hosts refuse what is sent to the pool, as it is stopping. Resolves when its workers have all that was
   * sent to them.
   */
  close(): Promise<void>
  /** The pool has stopped, and is as unknown to all hosts as one that never was. */
  forget(): void
  report(workers: readonly Address[]): Promise<readonly WorkerReport[]>
  resized(from: number, to: number): void
  /** A worker could not be started; the next look tries again. */
  failed(error: unknown): void
}

interface Worker {
  readonly data: RefData
  readonly index: number
  /** What was known of it at the first look. */
  first: WorkerUse | undefined
}

/**
 * The workers of one pool, in the main thread: it starts them, replaces those that are worn out or given up, and keeps
 * as many as the work needs.
 *
 * No message is lost by that: the pool first takes a leaving worker out of all hosts' tables. The worker then has all
 * that was ever sent to it, and handles that before it stops. The same holds for the whole pool: it closes on all hosts
 * before its workers stop, all at the same time.
 */
export class Pool implements Crew {
  order: number | undefined
  readonly #plan: PoolPlan
  readonly #owner: PoolOwner
  #workers: Worker[] = []
  /** Workers that have left the table to stop, and have not stopped yet. */
  readonly #leaving = new Set<number>()
  #bounds: PoolBounds
  #quietLooks = 0
  #replacements = NO_STREAK
  /** When workers that are missing may be replaced next. */
  #replaceAt = -Infinity
  #timer: Cancellable | undefined
  #work: Promise<void> = Promise.resolve()
  #isStopped = false
  #halt: () => void = () => undefined
  /** Resolves when it changes nothing any more. */
  readonly #halted = new Promise<void>(resolve => (this.#halt = resolve))
  #departure: Promise<void> | undefined

  constructor(plan: PoolPlan, owner: PoolOwner) {
    this.#plan = plan
    this.#bounds = plan.bounds
    this.#owner = owner
  }

  /** How many workers it may have. */
  get bounds(): PoolBounds {
    return this.#bounds
  }

  /** It may have so many workers from now on. Resolves when it has looked at them. */
  async resize(bounds: PoolBounds): Promise<void> {
    this.#bounds = bounds
    this.#timer?.cancel()
    this.#then(() => this.#look())
    await Promise.race([this.#work, this.#halted])
  }

  /** What a ref to it is made of. */
  get data(): RefData {
    const { id, name, url, definition } = this.#plan
    return { host: POOL_HOST, id, name, url, definition }
  }

  /** What hosts send by. */
  get table(): PoolTable {
    const { id, route } = this.#plan
    return { id, route, workers: this.#workers.map(({ data }) => data) }
  }

  /**
   * Starts the minimum number of workers. Nothing is left when one does not start.
   *
   * @param givenUp Nothing is left when it has aborted meanwhile, either. The workers are started with it.
   */
  async start(givenUp?: AbortSignal): Promise<void> {
    try {
      await this.#grow(this.#bounds.min)
      givenUp?.throwIfAborted()
    } catch (error) {
      await this.stop('its pool could not be started')
      throw error
    }
    this.#lookLater()
  }

  /** A worker no longer runs, and will not be restarted. */
  gone(id: number): void {
    this.#leaving.delete(id)
    const left = this.#workers.filter(({ data }) => data.id !== id)
    if (this.#isStopped || left.length === this.#workers.length) return
    this.#workers = left
    this.#then(() => this.#owner.publish(this.table))
    this.#timer ??= this.#later()
  }

  /** Whether an actor is a worker of it that has not stopped. */
  has(id: number): boolean {
    return this.#leaving.has(id) || this.#workers.some(({ data }) => data.id === id)
  }

  /** A worker is about to stop, whatever the reason: the others get what is sent to the pool from now on. */
  leave(id: number): Promise<void> {
    const others = this.#workers.filter(({ data }) => data.id !== id)
    if (others.length === this.#workers.length) return Promise.resolve()
    this.#workers = others
    this.#leaving.add(id)
    if (!this.#isStopped) this.#timer ??= this.#later()
    // Those that leave at the same time leave all hosts by one table.
    this.#departure ??= Promise.resolve().then(() => {
      this.#departure = undefined
      return this.#isStopped && this.#workers.length === 0 ? this.#owner.close() : this.#owner.publish(this.table)
    })
    return this.#departure
  }

  /** Stops all workers at the same time, when they have handled what was sent to the pool. Calling it twice is one stop. */
  async stop(reason: string): Promise<void> {
    this.halt()
    await this.#work
    await this.#stopWorkers(this.#workers, reason)
    this.#owner.forget()
  }

  /** Changes nothing any more. Its workers are stopped with the system's other actors. */
  halt(): void {
    this.#isStopped = true
    this.#timer?.cancel()
    this.#halt()
  }

  async #stopWorkers(workers: readonly Worker[], reason: string): Promise<void> {
    await Promise.all(workers.map(({ data }) => this.#owner.stop(data, reason)))
  }

  /** Looks at the workers, and brings them to the number that is due, replacing worn-out ones. */
  async #look(): Promise<void> {
    this.#timer = undefined
    const { recycle } = this.#plan
    const bounds = this.#bounds
    try {
      const reports = await this.#owner.report(this.#workers.map(({ data }) => data))
      const waiting = reports.reduce((sum, report) => sum + report.waiting, 0)
      const busy = reports.filter(({ isBusy }) => isBusy).length
      const size = planSize({ workers: this.#workers.length, waiting, busy }, this.#quietLooks, bounds)
      this.#quietLooks = size.quietLooks
      const from = this.#workers.length
      const to = from < bounds.min ? this.#replaced(from, size.workers) : size.workers
      if (to > from) await this.#grow(to - from)
      else if (to < from) await this.#let(this.#workers.slice(to), [], 'its pool has less to do')
      if (to !== from && !this.#isStopped) this.#owner.resized(from, to)
      await this.#recycle(reports, recycle)
    } catch (error) {
      if (!this.#isStopped) this.#owner.failed(error)
    }
    this.#lookLater()
  }

  /**
   * How many workers there shall be when some are missing: those that are there, when the last ones were replaced just
   * now.
   */
  #replaced(from: number, to: number): number {
    const { clock, random } = this.#owner
    const now = clock.now()
    if (now < this.#replaceAt) return from
    const { waitMs, restarts } = planBackoff(REPLACEMENT_PACE, this.#replacements, now, random)
    this.#replacements = { restarts, endedAt: now }
    this.#replaceAt = now + waitMs
    return to
  }

  async #recycle(reports: readonly WorkerReport[], recycling: Recycling): Promise<void> {
    for (const report of reports) {
      const worker = this.#workers.find(({ data }) => data.id === report.id)
      if (worker === undefined) continue
      worker.first ??= report
      // The successor starts before the old worker goes, so that a pool of one always has a worker.
      if (isWornOut(report, worker.first, recycling))
        await this.#let([worker], [await this.#spawn(worker.index)], 'its pool has recycled it')
    }
  }

  async #grow(by: number): Promise<void> {
    const taken = new Set(this.#workers.map(({ index }) => index))
    const indices: number[] = []
    for (let index = 0; indices.length < by; index++) if (!taken.has(index)) indices.push(index)
    const started = await Promise.allSettled(indices.map(index => this.#spawn(index)))
    const fresh = started.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    await this.#let([], fresh, '')
    const failed = started.find(outcome => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async #spawn(index: number): Promise<Worker> {
    return { data: await this.#owner.spawn(index), index, first: undefined }
  }

  /** Removes some workers and adds others. */
  async #let(leaving: readonly Worker[], coming: readonly Worker[], reason: string): Promise<void> {
    // It was stopped meanwhile, and did not wait for them.
    if (this.#isStopped) return this.#stopWorkers(coming, 'its pool was stopped')
    this.#workers = [...this.#workers.filter(worker => !leaving.includes(worker)), ...coming].toSorted(
      (a, b) => a.index - b.index,
    )
    await this.#owner.publish(this.table)
    await this.#stopWorkers(leaving, reason)
  }

  #lookLater(): void {
    const { recycle } = this.#plan
    const bounds = this.#bounds
    const isWatched = bounds.min < bounds.max || Object.keys(recycle).length > 0 || this.#workers.length < bounds.min
    if (isWatched && !this.#isStopped) this.#timer ??= this.#later()
  }

  #later(): Cancellable {
    return this.#owner.clock.after(LOOK_EVERY_MS, () => this.#then(() => this.#look()))
  }

  /**
   * Does one thing at a time. When one throws, the others still get their turn. A stop does not wait for what may hang:
   * a thread that spins answers nothing.
   */
  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (!this.#isStopped) await Promise.race([work().catch(throwUncaught), this.#halted])
    })
  }
}
