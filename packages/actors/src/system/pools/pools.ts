import { describeThrown, onAbort, toError, type Clock } from '@zera/core/internal'
import type { PoolMember, WorkerReport } from '../../host/pools/pool-member.js'
import { serviceAt, type ServiceCarrier, type ServiceClient } from '../../messaging/services/service-client.js'
import type { ActorDefinition } from '../../model/actor-definition.js'
import { type Address, POOL_TABLES } from '../../model/address.js'
import { NameTakenError } from '../../model/errors.js'
import type { EventSource } from '../../model/events/events.js'
import type { ObservedPool } from '../../model/observing/observed-system.js'
import { poolPlan, type PoolOptions } from '../../model/pools/pool-options.js'
import type { RefData } from '../../model/refs/ref.js'
import type { AnySpawnOptions } from '../../model/supervision/child-spec.js'
import type { Random } from '../../model/time/random.js'
import { Obituaries } from '../registry/obituaries.js'
import type { WorkerPlace } from '../supervision/child/crew.js'
import { Pool } from './pool.js'

/** What pools need of the system. */
interface PoolsOwner {
  readonly clock: Clock
  readonly random: Random
  readonly events: EventSource
  readonly messenger: ServiceCarrier
  /** The numbers of the hosts that run. */
  hosts(): number[]
  /**
   * @param worker The pool, and what the worker is called.
   * @param givenUp Ends the start when it aborts.
   */
  spawn(
    url: string,
    definition: string,
    options: AnySpawnOptions,
    worker: WorkerPlace,
    givenUp?: AbortSignal,
  ): Promise<RefData>
  stop(worker: Address, reason: string): Promise<unknown>
}

/** All pools of a system, in the main thread. */
export class Pools {
  readonly #owner: PoolsOwner
  readonly #pools = new Map<number, Pool>()
  readonly #names = new Set<string>()
  /** Why a pool may have no workers, by its id. */
  readonly obituaries = new Obituaries()
  readonly #unlisten: () => void
  #lastId = 0

  constructor(owner: PoolsOwner) {
    this.#owner = owner
    const gone = (id: number, error?: Error): void => {
      for (const [poolId, pool] of this.#pools) {
        if (error !== undefined && pool.has(id))
          this.obituaries.add(poolId, {
            reason: `its workers were given up, the last after: ${describeThrown(error)}`,
            error,
          })
        pool.gone(id)
      }
    }
    const listening = [
      owner.events.on('actor-given-up', ({ actor, error }) => gone(actor.id, error)),
      owner.events.on('actor-stopped', ({ actor }) => gone(actor.id)),
    ]
    this.#unlisten = () => {
      for (const each of listening) each.cancel()
    }
  }

  /**
   * Starts a pool, and returns when all hosts know it.
   *
   * @param givenUp Ends the start when it aborts: nothing is left of it then.
   * @throws {NameTakenError}
   * @throws {ActorStartError}
   */
  async start<A extends object>(
    { url, name: definition }: ActorDefinition<A>,
    options: PoolOptions<A>,
    givenUp?: AbortSignal,
  ): Promise<RefData> {
    const plan = poolPlan(options)
    const { name = '', propsOf, size: _size, route: _route, recycle: _recycle, ...spec } = options
    if (name !== '' && this.#names.has(name)) throw new NameTakenError(name)
    this.#lastId += 1
    const id = this.#lastId
    const owner = this.#owner
    const pool: Pool = new Pool(
      { ...plan, id, name, url, definition },
      {
        clock: owner.clock,
        random: owner.random,
        stop: (worker, reason) => owner.stop(worker, reason),
        spawn: index =>
          owner.spawn(
            url,
            definition,
            propsOf === undefined ? spec : { ...spec, props: propsOf(index) },
            { crew: pool, name: name === '' ? '' : `${name}/${index}` },
            givenUp,
          ),
        publish: table => this.#askAll(members => members.set(table)),
        close: () => this.#askAll(members => members.close(id)),
        forget: () => this.#tellAll(members => members.delete(id)),
        report: workers => this.#report(workers),
        resized: (from, to) => owner.events.emit('pool-resized', { pool: name, id, from, to }),
        failed: error => owner.events.emit('pool-failed', { pool: name, id, error: toError(error) }),
      },
    )
    if (name !== '') this.#names.add(name)
    this.#pools.set(id, pool)
    // A caller that has given up may want the name for the next pool.
    const forget = onAbort(givenUp, () => this.#forget(id, name))
    try {
      await pool.start(givenUp)
    } catch (error) {
      this.#forget(id, name)
      throw error
    } finally {
      forget()
    }
    return pool.data
  }

  /** The workers of each pool. */
  get tables(): { readonly id: number; readonly name: string; readonly workers: readonly number[] }[] {
    return Array.from(this.#pools.values(), ({ data: { id, name }, table }) => ({
      id,
      name,
      workers: table.workers.map(worker => worker.id),
    }))
  }

  /** Each pool, with its definition and its bounds. */
  get observed(): readonly ObservedPool[] {
    return Array.from(this.#pools.values(), ({ data: { id, name, definition }, table, bounds: { min, max } }) => ({
      id,
      name,
      definition,
      workers: table.workers.map(worker => worker.id),
      min,
      max,
    }))
  }

  /** A pool; undefined when there is none of this number, or it was stopped. */
  get(id: number): Pool | undefined {
    return this.#pools.get(id)
  }

  /** Stops a pool for good. An unknown pool counts as stopped. */
  async stop({ id }: Address, reason: string): Promise<void> {
    const pool = this.#pools.get(id)
    if (pool === undefined) return
    this.#forget(id, pool.data.name)
    this.obituaries.add(id, { reason })
    await pool.stop(reason)
  }

  /** Changes no pool any more: the system stops their workers. */
  halt(): void {
    this.#unlisten()
    for (const pool of this.#pools.values()) pool.halt()
  }

  /** Tells a newly started host of all pools, before it hears anything else. */
  introduce(host: number): void {
    for (const { table } of this.#pools.values()) void this.#ask(host, members => members.set(table))
  }

  /** Once: its name may be another's afterwards. */
  #forget(id: number, name: string): void {
    if (!this.#pools.delete(id)) return
    this.#names.delete(name)
  }

  async #askAll(ask: (members: ServiceClient<PoolMember>) => Promise<void>): Promise<void> {
    await Promise.all(this.#owner.hosts().map(host => this.#ask(host, ask)))
  }

  #tellAll(tell: (members: ServiceClient<PoolMember>['tell']) => void): void {
    for (const host of this.#owner.hosts())
      tell(serviceAt<PoolMember>(this.#owner.messenger, { host, id: POOL_TABLES }).tell)
  }

  /** A host that goes down meanwhile needs to know nothing any more. */
  #ask<R>(host: number, ask: (members: ServiceClient<PoolMember>) => Promise<R>): Promise<R | undefined> {
    return ask(serviceAt<PoolMember>(this.#owner.messenger, { host, id: POOL_TABLES })).catch(() => undefined)
  }

  async #report(workers: readonly Address[]): Promise<readonly WorkerReport[]> {
    const hosts = [...new Set(workers.map(({ host }) => host))]
    const reports = hosts.map(host =>
      this.#ask(host, members => members.report(workers.filter(worker => worker.host === host).map(({ id }) => id))),
    )
    return (await Promise.all(reports)).flatMap(report => report ?? [])
  }
}
