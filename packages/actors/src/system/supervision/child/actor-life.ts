import { describeDown, toError, type Down } from '@zera/core/internal'
import type { Failure } from '../../../actor/actor-instance.js'
import { formatActor } from '../../../model/address.js'
import { ActorStoppedError, NameTakenError, NoSuchNodeError } from '../../../model/errors.js'
import type { ActorIdentity } from '../../../model/events/events.js'
import type { ChildReceipt } from '../../../model/events/system-receipt.js'
import type { RefData } from '../../../model/refs/ref.js'
import type { ActorDownReason } from '../../../model/supervision/actor-down.js'
import type { HostSlot } from '../../hosts/host-slot.js'
import type { CheckedSpec, Start } from '../checked-spec.js'
import type { ChildOfActor, ParentLife } from '../families.js'
import type { SupervisionParts } from '../supervision-parts.js'
import type { ChildLife, ChildNews, LifeOwner } from './child-life.js'
import type { Child } from './child.js'

const PRIVATE_THREAD_STOP_MS = 5000

/** An actor as its supervisor sees it: it keeps its address while instances and threads come and go. */
export class ActorLife implements ChildLife, ChildOfActor, ParentLife {
  readonly data: RefData
  /** The name that it holds, so that no other actor has it; empty when it holds none. */
  readonly heldName: string
  instance = 0
  readonly #props: unknown
  readonly #shutdownMs: CheckedSpec['shutdownMs']
  readonly #parts: SupervisionParts
  readonly #owner: LifeOwner
  /** Undefined on the main thread. */
  readonly #slot: HostSlot | undefined
  /** The incarnation of its host that has its cell, with its messages; undefined when none has. */
  #cellOn: number | undefined
  #isRunning = false
  /** Whether its host has been asked to start it, and no answer is known here. */
  #isStarting = false
  /** Its failure, when that was told before its start was known to be over. */
  #earlyFailure: { readonly error: Error; readonly method: string | undefined } | undefined
  /** Counts its orders: a start that waited for its thread checks whether it is still wanted. */
  #turn = 0
  #isReleased = false
  /** Whether it has failed since the system began to stop. */
  #failedInStop = false
  /** How its last thread ended. */
  #threadDown: Error | undefined
  /** Why it does not run, or is not to run any more; undefined when nothing is wrong with it. */
  #failure: Error | undefined
  /** Why its supervisor has given up, and it with it. */
  #condemned: Error | undefined

  /**
   * @throws {NameTakenError} When another actor has the name.
   * @throws {NoSuchNodeError} When it is to live on a node
   * that is not there.
   */
  constructor(
    start: Extract<Start, { kind: 'actor' }>,
    shutdownMs: CheckedSpec['shutdownMs'],
    parts: SupervisionParts,
    owner: LifeOwner,
  ) {
    const { name, definition, props, isWorker } = start
    expectNode(start, parts)
    const id = parts.nextId()
    this.heldName = isWorker === true ? '' : name
    if (!parts.names.take(this.heldName, id)) throw new NameTakenError(name)
    this.#parts = parts
    this.#props = props
    this.#shutdownMs = shutdownMs
    this.#owner = owner
    this.#slot = place(start, parts)
    this.data = {
      host: this.#slot?.number ?? 0,
      id,
      name,
      url: definition.url,
      definition: definition.name,
      ...(isWorker === true ? { isWorker } : {}),
    }
    // Those that are started at once must see each other, or all of them would get the same host.
    parts.actors.add(this)
    parts.families.add(this)
  }

  get actorId(): number {
    return this.data.id
  }

  get parent(): number | undefined {
    return this.#parts.parent
  }

  /** The actors that it has started. */
  get children(): Iterable<Child> {
    return this.#parts.families.of(this.data.id)?.children ?? []
  }

  get identity(): ActorIdentity {
    const { id, host, name, definition } = this.data
    return { id, host, name, definition }
  }

  /** What refs to it are made of, with what its definition says that concerns them, as far as that is known here. */
  get refData(): RefData {
    return this.#parts.hosts.registry.dataOf(this.data.id) ?? this.data
  }

  /** Whether it handles messages, as far as is known. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  start(after: Failure | undefined): Promise<void> | undefined {
    const { actors, hosts } = this.#parts
    actors.add(this)
    this.keep()
    const turn = ++this.#turn
    const ready = this.#slot && hosts.ready(this.#slot)
    return ready === undefined ? this.#start(turn, after) : ready.then(() => this.#start(turn, after))
  }

  #start(turn: number, after: Failure | undefined): Promise<void> | undefined {
    const { families, guardians, watches } = this.#parts
    // It may have been stopped while its thread was started, and be started anew already.
    if (turn !== this.#turn)
      throw new ActorStoppedError(formatActor(this.data), { reason: 'it was stopped before it was started' })
    const incarnation = this.#incarnation
    if (incarnation === undefined) throw this.#downError
    // Watches that the previous instance began just before its thread went down arrived after its end.
    watches.forgetWatcher(this.data.id)
    this.#cellOn = incarnation
    this.instance = families.begin(this)
    this.#isStarting = true
    this.#earlyFailure = undefined
    try {
      const started = guardians.start(this.data, this.#props, after, this.#shutdownMs, this.instance)
      if (started !== undefined)
        return started.then(
          () => this.#hasStarted(incarnation),
          (error: unknown) => {
            throw this.#notStarted(incarnation, after, error)
          },
        )
    } catch (error) {
      throw this.#notStarted(incarnation, after, error)
    }
    this.#hasStarted(incarnation)
    return undefined
  }

  #hasStarted(incarnation: number): void {
    const { hosts } = this.#parts
    // It may have been halted or stopped meanwhile.
    const early = this.#isStarting ? this.#earlyFailure : undefined
    this.#isStarting = false
    // Its answer was received, and it has gone all the same.
    if (this.#incarnation !== incarnation) throw this.#downError
    this.#isRunning = true
    this.#failure = undefined
    this.#condemned = undefined
    hosts.registry.obituaries.delete(this.data.id)
    if (this.#slot !== undefined) hosts.preload(this.data.url)
    if (early !== undefined) this.failed(early.error, early.method)
  }

  /** Returns why it does not run. */
  #notStarted(incarnation: number, after: Failure | undefined, error: unknown): unknown {
    this.#isStarting = false
    // Drops the watches that its constructor or `onStart` has begun. Watches by other actors wait for the next start.
    this.#parts.watches.forgetWatcher(this.data.id)
    this.#failure = toError(error)
    // Nothing is left of a first start that failed.
    if (after === undefined) this.#cellOn = undefined
    return this.#incarnation === incarnation ? error : this.#downError
  }

  async halt(reason: string, limitMs: number): Promise<void> {
    this.#parts.names.doubt(this.heldName)
    const wasRunning = this.#isRunning
    this.#isRunning = false
    this.#isStarting = false
    this.#turn += 1
    const untilMs = this.#parts.clock.now() + limitMs
    if (!this.#hasCell) return void (await this.#endChildren(reason, untilMs))
    const { guardians, hosts, lateness, limit } = this.#parts
    const incarnation = this.#cellOn
    const report = await lateness.measure(this.data.host, spentMs =>
      guardians.halt(this.data, { reason, shutdownMs: this.#deadline(limitMs), spentMs }),
    )
    // On a thread of its own, nothing of the old instance may go on alongside the next one.
    if (report.outcome === 'hurried' && this.#slot?.options.isPrivate === true)
      await limit.unless('killed', hosts.killForOne(this.#slot, incarnation))
    const children = this.#endChildren(reason, untilMs)
    if (children !== undefined) await children
    // Watchers that came while it was down wait for its next end.
    if (wasRunning) this.#ended('stopped', undefined, undefined)
    if (report.error !== undefined) this.#failedToStop(report.error)
  }

  async stop(reason: string, limitMs: number): Promise<readonly ChildReceipt[]> {
    const { actors, guardians, lateness, names } = this.#parts
    actors.leave(this)
    names.doubt(this.heldName)
    const wasRunning = this.#isRunning
    this.#isRunning = false
    this.#isStarting = false
    this.#turn += 1
    const hadCell = this.#hasCell
    const untilMs = this.#parts.clock.now() + limitMs
    // Before any caller is refused.
    this.#parts.hosts.registry.obituaries.add(this.data.id, {
      reason: this.#condemned === undefined ? reason : `its supervisor gave up: ${this.#condemned.message}`,
      error: this.#failure ?? this.#condemned,
    })
    // Also where it has no cell: messages may be kept for it there.
    const { outcome, error, stalledBy } = await lateness.measure(this.data.host, spentMs =>
      guardians.stop(this.data, { reason, shutdownMs: this.#deadline(limitMs), spentMs }),
    )
    this.#cellOn = undefined
    const children = (await this.#endChildren(reason, untilMs)) ?? []
    this.#ended(wasRunning ? 'stopped' : 'gone', undefined, undefined)
    if (error !== undefined) this.#failedToStop(error)
    // One that was to be started again when the system's stop began had nothing to finish.
    const isDown = !wasRunning && !this.#failedInStop && error === undefined
    const receipt = { kind: 'actor', ...this.identity, outcome: isDown ? 'down' : hadCell ? outcome : 'lost' } as const
    return [...children, stalledBy === undefined ? receipt : { ...receipt, stalledBy }]
  }

  keep(): void {
    this.#parts.names.keep(this.heldName)
  }

  async release(): Promise<void> {
    const { actors, families, hosts, limit, names } = this.#parts
    if (this.#isReleased) return
    this.#isReleased = true
    actors.remove(this)
    families.remove(this)
    names.free(this.heldName)
    if (this.#slot?.options.isPrivate === true)
      await limit.unless('killed', hosts.stop(this.#slot, PRIVATE_THREAD_STOP_MS))
    else if (this.#slot?.isAbandoned === true && actors.countOn(this.data.host) === 0) hosts.retire(this.#slot)
  }

  condemn(error: Error): void {
    this.#condemned = error
  }

  tell(news: ChildNews): void {
    const { events } = this.#parts
    const actor = this.identity
    switch (news.type) {
      case 'started':
        events.emit('actor-started', { actor })
        break
      case 'failed':
        events.emit('actor-failed', {
          actor,
          error: news.error,
          method: news.method,
          isThreadDown: this.isOfThread(news.error),
        })
        break
      case 'restarted':
        events.emit('actor-restarted', { actor, error: news.error, restarts: news.restarts })
        break
      case 'stopped':
        events.emit('actor-stopped', { actor, reason: news.reason })
        break
      case 'given-up':
        events.emit('actor-given-up', { actor, error: news.error })
    }
  }

  isOfThread(error: Error): boolean {
    return error === this.#threadDown
  }

  /** Stops it for good, under any supervisor. */
  async end(reason: string): Promise<void> {
    await this.#owner.end(reason)
  }

  // What its host, and its actor, tell of it.

  /** A handler threw. That may be told in one breath with the answer to its start, before code here has seen that. */
  failed(error: Error, method: string | undefined): void {
    if (this.#isStarting) this.#earlyFailure = { error, method }
    else this.#fail(error, method, 'failed')
  }

  #fail(error: Error, method: string | undefined, reason: ActorDownReason): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    this.#failedInStop = this.#parts.limit.hasBegun
    this.#parts.names.doubt(this.heldName)
    this.#failure = error
    this.#ended(reason, error, method)
    this.#owner.exit({ kind: 'failed', error, method })
  }

  /**
   * It wants to be stopped.
   *
   * @param isStarting Whether it said so before its `onStart` was over: it has nothing to do then.
   */
  stopRequested(isStarting: boolean): void {
    this.#owner.exit({ kind: isStarting ? 'ignored' : 'done', reason: 'it stopped itself' })
  }

  /** Its thread went down: what the actor was handling, and in words who had the thread. */
  hostDown(down: Down, method: string | undefined, running: string): void {
    this.#threadDown = new Error(`The thread of host ${this.data.host} went down: ${describeDown(down)}${running}`, {
      cause: down.error,
    })
    this.#fail(this.#threadDown, method, reasonAfter(down))
  }

  get #downError(): Error {
    return this.#threadDown ?? new Error(`The thread of host ${this.data.host} went down`)
  }

  /** Undefined when no thread runs. */
  get #incarnation(): number | undefined {
    if (this.#slot === undefined) return 0
    return this.#slot.isRunning ? this.#slot.incarnation : undefined
  }

  get #hasCell(): boolean {
    return this.#cellOn !== undefined && this.#cellOn === this.#incarnation
  }

  /** Its instance has ended: notifies its watchers. */
  #ended(reason: ActorDownReason, error: Error | undefined, method: string | undefined): void {
    const { host, id } = this.data
    this.#parts.watches.ended({ target: { host, id }, reason, error, method })
  }

  /**
   * Its children end with its instance. Usually they have ended before its `onStop`. When its thread has gone, or has
   * not answered, they get the time that the actor would have had. Undefined when it has none.
   */
  #endChildren(reason: string, untilMs: number): Promise<readonly ChildReceipt[]> | undefined {
    const { clock, families } = this.#parts
    const deadline = this.#deadline(Math.max(0, untilMs - clock.now()))
    return families.end(this.data.id, reason, deadline === 'kill' ? 0 : deadline)
  }

  #deadline(limitMs: number): number | 'kill' {
    return this.#shutdownMs === 'kill' ? 'kill' : Math.min(this.#shutdownMs, limitMs)
  }

  #failedToStop(error: Error): void {
    this.tell({ type: 'failed', error, method: 'onStop' })
  }
}

/** What the end of a thread is to an actor that lived there. */
function reasonAfter({ reason }: Down): ActorDownReason {
  return reason === 'heap-limit' || reason === 'memory-limit' || reason === 'crashed' || reason === 'unreachable'
    ? reason
    : 'thread-down'
}

/** The slots on the nodes that an actor may be placed on; undefined when it may be on none. */
function slotsOnNodes(
  { placement }: Extract<Start, { kind: 'actor' }>,
  { hosts }: SupervisionParts,
): readonly HostSlot[] | undefined {
  if (placement !== 'any-node' && (typeof placement !== 'object' || 'ownThread' in placement)) return undefined
  return hosts.slots.filter(
    ({ options: { node } }) => node !== undefined && (placement === 'any-node' || placement.node === node),
  )
}

function expectNode(start: Extract<Start, { kind: 'actor' }>, parts: SupervisionParts): void {
  if (slotsOnNodes(start, parts)?.length !== 0) return
  const { placement, name, definition } = start
  const nodes = new Set(parts.hosts.slots.flatMap(({ options: { node } }) => node ?? []))
  throw new NoSuchNodeError(
    formatActor({ name, definition: definition.name }),
    typeof placement === 'object' && 'node' in placement ? placement.node : undefined,
    [...nodes],
  )
}

/**
 * A place of its own, or the shared host or node thread with the fewest actors, or the main thread when there is none
 * or the actor requests it.
 */
function place(start: Extract<Start, { kind: 'actor' }>, parts: SupervisionParts): HostSlot | undefined {
  const { placement, maxHeapMb, maxRssMb } = start
  const { hosts, actors } = parts
  const byCount = (slots: readonly HostSlot[]): HostSlot | undefined =>
    slots.toSorted((a, b) => actors.countOn(a.number) - actors.countOn(b.number))[0]
  const onNodes = slotsOnNodes(start, parts)
  if (onNodes !== undefined) {
    const running = onNodes.filter(slot => slot.isRunning)
    return byCount(running.length > 0 ? running : onNodes)
  }
  if (placement === 'main') return undefined
  if (placement === 'own-thread') return hosts.reserve({ isPrivate: true, maxHeapMb })
  if (typeof placement === 'object' && 'ownThread' in placement)
    return hosts.reserve({ isPrivate: true, maxHeapMb, settings: placement.ownThread })
  if (placement === 'own-process') return hosts.reserve({ isPrivate: true, maxHeapMb, maxRssMb, hasOwnProcess: true })
  const shared = hosts.slots.filter(({ options }) => !options.isPrivate && options.node === undefined)
  const healthy = shared.filter(slot => !slot.isAbandoned)
  return byCount(healthy.length > 0 ? healthy : shared)
}
