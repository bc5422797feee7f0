import { NotCloneableError, type Down } from '@zera/core'
import { FIRST_ACTOR_ID } from '../address.js'
import type { Clock } from '../clock.js'
import { ActorStartError, ActorStoppedError, NameTakenError, SystemStoppedError } from '../errors.js'
import type { EventSource } from '../events.js'
import { Guardians } from '../hosting/guardians.js'
import type { HostSlot } from '../hosting/host-slot.js'
import type { Hosts } from '../hosting/hosts.js'
import type { RefData } from '../ref.js'
import type { ActorReceipt } from '../system-receipt.js'
import { messageOf } from '../thrown.js'
import { Child } from './child.js'
import { Children } from './children.js'
import { childSpec, type ChildSpec, type SpawnOptions } from './child-spec.js'
import { Restarter } from './restarter.js'

const PRIVATE_THREAD_STOP_MS = 5000

/**
 * Starts the actors of a system, has those restarted that fail, and stops them in reverse order of their start.
 *
 * It runs in the main thread.
 */
export class Supervisor {
  readonly #hosts: Hosts
  readonly #events: EventSource
  readonly #guardians: Guardians
  readonly #children = new Children()
  readonly #restarter: Restarter
  #nextId = FIRST_ACTOR_ID
  #isStopping = false

  constructor(hosts: Hosts, events: EventSource, clock: Clock) {
    this.#hosts = hosts
    this.#events = events
    this.#guardians = new Guardians(hosts, clock)
    this.#restarter = new Restarter({
      hosts,
      guardians: this.#guardians,
      children: this.#children,
      events,
      clock,
      end: (child, reason, tell) => this.#end(child, reason, tell),
    })
  }

  get restarts(): number {
    return this.#restarter.restarts
  }

  /**
   * Starts an actor. Nothing is left of one that does not start.
   *
   * @throws {NameTakenError} @throws {SystemStoppedError} @throws {NotCloneableError} Of the props.
   * @throws {ActorStartError} With the cause: its module, its constructor, its `onStart`, its thread.
   */
  async spawn(url: string, definition: string, options: SpawnOptions<object>): Promise<RefData> {
    const spec = childSpec(options)
    const name = options.name ?? ''
    const actor = name === '' ? definition : `/${name}`
    if (this.#isStopping) throw new SystemStoppedError(`start actor ${actor}`)
    if (!this.#children.takeName(name)) throw new NameTakenError(name)
    const id = this.#nextId++
    let child: Child | undefined
    try {
      // No await for a shared host: actors that are started at once must see each other, or all of them would get the same one.
      const host = spec.placement === 'own-thread' ? await this.#ownHost(spec) : this.#sharedHost(spec)
      child = new Child({ host, id, name, url, definition }, spec, options.props)
      await this.#start(child)
      return child.data
    } catch (error) {
      if (child === undefined) this.#children.freeName(name)
      if (this.#isStopping) throw new SystemStoppedError(`start actor ${actor}`)
      if (error instanceof NotCloneableError) throw error
      throw new ActorStartError(actor, messageOf(error), { cause: error })
    }
  }

  /** Stops an actor for good; one that is not there is stopped already. Resolves when it has stopped, whoever began that. */
  async stop(id: number, reason: string): Promise<ActorReceipt | undefined> {
    const child = this.#children.get(id)
    return child && (await this.#end(child, reason, () => this.#events.emit('actor-stopped', { actor: child.identity, reason })))
  }

  /** Stops all actors, last started first, and starts no more. */
  async stopAll(reason: string): Promise<ActorReceipt[]> {
    this.#isStopping = true
    this.#restarter.stop()
    const receipts: ActorReceipt[] = []
    for (const child of this.#children.newestFirst()) {
      const receipt = await this.stop(child.data.id, reason)
      if (receipt !== undefined) receipts.push(receipt)
    }
    return receipts
  }

  /** A handler threw. */
  async failed(id: number, error: Error, method: string | undefined): Promise<void> {
    await this.#restarter.failed(id, error, method)
  }

  /** A thread went down, and with it every actor on it. */
  async hostDown(slot: HostSlot, down: Down): Promise<void> {
    await this.#restarter.hostDown(slot, down)
  }

  async #start(child: Child): Promise<void> {
    this.#children.add(child)
    try {
      if (this.#isStopping) throw new SystemStoppedError(`start actor ${child.data.name}`)
      await this.#guardians.start(child.data, child.props)
      const { state } = child
      if (state === 'lost') throw new Error(`the thread of host ${child.data.host} went down meanwhile`)
      if (state !== 'starting') throw new ActorStoppedError(child.data.name)
      child.state = 'running'
      this.#events.emit('actor-started', { actor: child.identity })
    } catch (error) {
      // One that was stopped meanwhile is forgotten when its stop is done.
      if (child.ending === undefined) await this.#forget(child)
      else await child.ending
      throw error
    }
  }

  /** Stops an actor for good, once, and forgets it. */
  #end(child: Child, reason: string, tell: () => void): Promise<ActorReceipt> {
    child.ending ??= this.#endOnce(child, reason, tell)
    return child.ending
  }

  async #endOnce(child: Child, reason: string, tell: () => void): Promise<ActorReceipt> {
    child.state = 'stopping'
    const { outcome, error } = await this.#guardians.stop(child.data, reason, child.spec.shutdownMs)
    if (error !== undefined) this.#events.emit('actor-failed', { actor: child.identity, error, method: 'onStop' })
    await this.#forget(child)
    tell()
    return { ...child.identity, outcome }
  }

  async #forget(child: Child): Promise<void> {
    this.#children.remove(child)
    const slot = this.#hosts.slot(child.data.host)
    if (slot?.options.isPrivate === true) await this.#hosts.stop(slot, PRIVATE_THREAD_STOP_MS)
  }

  async #ownHost({ maxHeapMb }: ChildSpec): Promise<number> {
    const slot = await this.#hosts.add({ isPrivate: true, maxHeapMb })
    return slot.number
  }

  /** The shared host with the fewest actors, or the main thread when there is none or it is wanted. */
  #sharedHost({ placement }: ChildSpec): number {
    if (placement === 'main') return 0
    const shared = this.#hosts.slots.filter(slot => !slot.options.isPrivate)
    const [emptiest] = shared.toSorted((a, b) => this.#children.countOn(a.number) - this.#children.countOn(b.number))
    return emptiest?.number ?? 0
  }
}
