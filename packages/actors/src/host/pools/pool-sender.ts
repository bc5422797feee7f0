import { atCaller, rejectedSoon, type Verb } from '@zera/core/internal'
import type { Messenger } from '../../messaging/messenger.js'
import type { Address } from '../../model/address.js'
import { ActorStoppedError, SystemStoppedError } from '../../model/errors.js'
import { EVERY, type Route, type RouteWorker } from '../../model/pools/route.js'
import { createRoute, type RouteName } from '../../model/pools/routes.js'
import type { AskOptions, StreamOptions, WaitOptions } from '../../model/protocol.js'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import type { ActorRef, RefData } from '../../model/refs/ref.js'
import type { SystemIdentity } from '../../model/refs/system-identity.js'
import { refusing } from '../../model/refused-message.js'
import type { Obituary } from '../../model/supervision/obituary.js'
import type { Random } from '../../model/time/random.js'

/** The members of a pool, as the main thread tells all hosts. */
export interface PoolTable {
  readonly id: number
  readonly route: RouteName
  readonly workers: readonly RefData[]
}

interface Worker extends RouteWorker {
  readonly ref: BoundRef<object>
  underWay: number
}

interface Members {
  readonly name: RouteName
  readonly route: Route
  readonly workers: readonly Worker[]
}

/**
 * Sends the messages of refs to pools, from one host. It chooses a worker from the table that the main thread keeps up
 * to date here, and sends the message to that worker directly.
 */
export class PoolSender implements RefHost {
  readonly identity: SystemIdentity
  readonly #messenger: Messenger
  readonly #random: Random
  readonly #pools = new Map<number, Members>()
  readonly #stopping = new Set<number>()

  constructor(messenger: Messenger, random: Random) {
    this.identity = messenger.identity
    this.#messenger = messenger
    this.#random = random
  }

  /** Replaces the table. Messages under way to workers that stay still count. */
  set({ id, route, workers }: PoolTable): void {
    const before = this.#pools.get(id)
    const known = new Map(before?.workers.map(worker => [worker.id, worker]))
    this.#pools.set(id, {
      name: route,
      route: before?.route ?? createRoute(route, this.#random),
      workers: workers.map(
        data => known.get(data.id) ?? { id: data.id, underWay: 0, ref: new BoundRef(this.#messenger, data) },
      ),
    })
  }

  /** A pool is stopping: sends nothing to its workers any more. */
  close(id: number): void {
    this.#pools.delete(id)
    this.#stopping.add(id)
  }

  /** Forgets a pool: it has stopped. */
  delete(id: number): void {
    this.#pools.delete(id)
    this.#stopping.delete(id)
  }

  /** The members of a pool here. */
  workersOf(id: number): readonly Address[] {
    return this.#pools.get(id)?.workers.map(({ ref }) => ref.address) ?? []
  }

  tell(pool: ActorRef<object>, method: string, args: unknown[]): boolean {
    const members = this.#pools.get(pool.address.id)
    if (members === undefined || members.workers.length === 0) {
      this.#messenger.undelivered(pool, method, args)
      return true
    }
    const { route, workers } = members
    const at = route.choose(workers, args)
    if (at !== EVERY) return this.#messenger.tell((workers[at] as Worker).ref, method, args)
    let hasRoom = true
    for (const { ref } of workers) hasRoom = this.#messenger.tell(ref, method, args) && hasRoom
    return hasRoom
  }

  ask(pool: ActorRef<object>, method: string, args: unknown[], options: AskOptions, verb: Verb): Promise<unknown> {
    const { clock } = this.#messenger
    const members = this.#pools.get(pool.address.id)
    if (members === undefined && this.#stopping.has(pool.address.id))
      return rejectedSoon(clock, atCaller(this.#noneIn(pool, method, args), verb))
    if (members === undefined || members.workers.length === 0)
      return this.#messenger
        .explain(pool.address)
        .then(obituary => rejectedSoon(clock, this.#noneIn(pool, method, args, obituary)))
    try {
      const at = members.route.choose(members.workers, args)
      if (at === EVERY)
        return Promise.all(
          members.workers.map(({ ref }) => this.#messenger.ask(ref, method, args, options, verb)),
        ).then(([first]) => first)
      const worker = members.workers[at] as Worker
      return this.#messenger.ask(worker.ref, method, args, options, verb, worker)
    } catch (error) {
      return rejectedSoon(clock, error)
    }
  }

  stream(
    pool: ActorRef<object>,
    method: string,
    args: unknown[],
    options: StreamOptions,
  ): AsyncGenerator<unknown, void, void> {
    const members = this.#pools.get(pool.address.id)
    if (members === undefined || members.workers.length === 0) throw this.#noneIn(pool, method, args)
    const at = members.route.choose(members.workers, args)
    if (at === EVERY)
      throw new TypeError(
        `Cannot stream from ${pool.toString()}: it is a broadcast to all workers; stream from a pool with another route`,
      )
    return this.#messenger.stream((members.workers[at] as Worker).ref, method, args, options)
  }

  /** Resolves when one worker is below its mark; for a broadcast, when every worker is. */
  async ready(pool: ActorRef<object>, options: WaitOptions): Promise<void> {
    const { name, workers } = this.#pools.get(pool.address.id) ?? { name: undefined, workers: [] }
    if (workers.length === 0) return
    const readies = workers.map(({ ref }) => ref.ready(options))
    await (name === 'broadcast' ? Promise.all(readies) : Promise.race(readies))
  }

  #noneIn(pool: ActorRef<object>, method: string, args: unknown[], obituary?: Obituary): Error {
    const error = this.#messenger.isClosed
      ? new SystemStoppedError(`ask actor ${pool.toString()}`)
      : new ActorStoppedError(pool.toString(), { ...obituary, isStopping: this.#stopping.has(pool.address.id) })
    return refusing(error, pool, method, args)
  }
}
