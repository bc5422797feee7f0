import {
  cancellable,
  inRootContext,
  ScopeClosedError,
  toError,
  type Owner,
  type Cancellable,
  type Clock,
} from '@zera/core/internal'
import { ActorContext, enterActor, leaveActor } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import type { Address } from '../model/address.js'
import { NotDurableError } from '../model/durability/durability-errors.js'
import { writeArgs } from '../model/durability/kept-state.js'
import { dueMsOf, type ReminderTime } from '../model/durability/reminder-time.js'
import type { SqlValue } from '../model/durability/store.js'
import { uniqueId } from '../model/durability/unique-id.js'
import { LinkedActorDownError } from '../model/errors.js'
import type { Job, JobInput } from '../model/jobs/job.js'
import type { Logger } from '../model/log.js'
import type { MailboxStatistics } from '../model/mailbox-spec.js'
import type { WaitOptions } from '../model/protocol.js'
import { BoundRef, type RefHost } from '../model/refs/bound-ref.js'
import { expectActor } from '../model/refs/expect-actor.js'
import type { GroupRef } from '../model/refs/group.js'
import { ownRef } from '../model/refs/own-ref.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Topic, TopicRef } from '../model/refs/topic.js'
import { isOrderly, type ActorDown } from '../model/supervision/actor-down.js'
import type { SpawnOptions } from '../model/supervision/child-spec.js'
import type { Behaviour } from './dispatcher.js'
import type { DurableState } from './durable/durable-state.js'
import type { MessageLoop } from './message-loop.js'
import type { OwnChildren } from './own-children.js'

/** Runs jobs. */
interface Computes {
  run<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>>
}

/** Finds other actors. */
interface Finds {
  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>
  group<A extends object>(name: string): GroupRef<A>
  topic<T>(topic: Topic<T>): TopicRef<T>
}

/** Watches actors on behalf of this host's actors. */
interface Watches {
  watch(watcher: number, target: Address, tell: (down: ActorDown) => void): Cancellable
  /** The instance of a watcher has ended. */
  clear(watcher: number): void
}

/** What a context needs from the host of its actor. */
export interface ContextHost {
  readonly clock: Clock
  readonly messenger: RefHost
  readonly compute: Computes
  readonly directory: Finds
  readonly watching: Watches
}

/** What a context is a view of: an actor, whichever its instance. */
export interface ContextParts {
  readonly id: number
  readonly self: ActorRef<object>
  readonly host: ContextHost
  readonly log: Logger
  readonly children: Pick<OwnChildren, 'spawn' | 'stop'>
  readonly loop: MessageLoop
  /** Undefined when its state is not kept. */
  readonly durable: Pick<DurableState, 'hasReminder' | 'remind' | 'change' | 'effectOf'> | undefined
  stopSelf(): void
}

/** What a commit does itself. */
const TRANSACTION = /^\s*(BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|ATTACH|DETACH|VACUUM)\b/i

let ownerOf: (context: InstanceContext) => Owner | undefined

/** The context of one instance of an actor. */
export class InstanceContext extends ActorContext {
  readonly #actor: ContextParts
  readonly #owner: Owner | undefined

  /** The time of its host. */
  get clock(): Clock {
    return this.#actor.host.clock
  }

  static {
    ownerOf = context => context.#owner
  }

  /** @param owner The instance's. */
  constructor(actor: ContextParts, owner?: Owner) {
    super()
    this.#actor = actor
    this.#owner = owner
  }

  get self(): ActorRef<object> {
    return this.#actor.self
  }

  get sender(): ActorRef<object> | undefined {
    const { loop, host } = this.#actor
    const from = loop.call?.from
    return from && new BoundRef(host.messenger, { ...from, name: '', url: '', definition: '' })
  }

  get signal(): AbortSignal {
    if (this.#owner?.isClosed === true) return AbortSignal.abort(new ScopeClosedError('go on', this.#owner.name))
    return this.#actor.loop.cancellation.signal
  }

  get redelivered(): number {
    return this.#actor.loop.call?.redelivered ?? 0
  }

  get traceparent(): string | undefined {
    return this.#actor.loop.call?.traceparent
  }

  async spawn<A extends object>(
    definition: ActorDefinition<A>,
    options: SpawnOptions<A> & WaitOptions = {},
  ): Promise<ActorRef<A>> {
    this.#expectInstance('spawn a child')
    return this.#actor.children.spawn(definition, options)
  }

  watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Cancellable {
    this.#expectInstance('watch an actor')
    const { id, loop, host } = this.#actor
    const target = ownRef('watch', ref, host.messenger)
    expectActor(ref)
    let tell: (down: ActorDown) => void = () => undefined
    let isCancelled = false
    // As a message of this instance: after a restart it is dropped, and so it is when the watch ends while it waits in the mailbox.
    loop.self.pipe(
      new Promise<ActorDown>(resolve => (tell = resolve)),
      down => (isCancelled ? undefined : onDown(down)),
      toError,
    )
    const watch = host.watching.watch(id, target, tell)
    return cancellable(() => {
      isCancelled = true
      watch.cancel()
    })
  }

  link(ref: ActorRef<object>): Cancellable {
    return this.watch(ref, down => {
      if (!isOrderly(down)) throw new LinkedActorDownError(ref.toString(), down)
    })
  }

  get log(): Logger {
    return this.#actor.log
  }

  compute<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>> {
    return this.#actor.host.compute.run(job, ...input)
  }

  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined> {
    return this.#actor.host.directory.lookup(name, definition, options)
  }

  group<A extends object>(name: string): GroupRef<A> {
    return this.#actor.host.directory.group(name)
  }

  topic<T>(topic: Topic<T>): TopicRef<T> {
    return this.#actor.host.directory.topic(topic)
  }

  after(ms: number, run: () => unknown): Cancellable {
    this.#expectInstance('start a timer')
    return this.#actor.loop.self.after(ms, run)
  }

  every(ms: number, run: () => unknown): Cancellable {
    this.#expectInstance('start a timer')
    return this.#actor.loop.self.every(ms, run)
  }

  remind(method: string, when: ReminderTime, ...args: unknown[]): string {
    const dueMs = dueMsOf(when, this.clock.epochMs())
    const durable = this.#expectDurable('set a reminder of')
    const { everyMs, id = everyMs === undefined ? uniqueId() : method } = when
    const kept = writeArgs(args, this.self)
    const reminder = { id, method, args: kept, dueMs, everyMs, tries: 0 }
    const keepsTime = everyMs !== undefined && when.at === undefined && durable.hasReminder(reminder)
    if (!keepsTime) durable.remind(id, reminder)
    return id
  }

  forget(id: string): void {
    this.#expectDurable('forget a reminder of').remind(id, undefined)
  }

  get effectId(): string {
    const durable = this.#expectDurable('identify the effects of')
    const { call } = this.#actor.loop
    if (call === undefined)
      throw new TypeError(
        'Cannot identify an effect: no message is being handled; read effectId in the method that handles it',
      )
    return durable.effectOf(call)
  }

  sql(sql: string, ...values: readonly SqlValue[]): void {
    const durable = this.#expectDurable('add a statement to a commit of')
    if (TRANSACTION.test(sql))
      throw new TypeError(`Cannot add a statement to a commit: ${sql} would end it, or begin another; leave it out`)
    durable.change({ sql, values }, this.#actor.loop.current)
  }

  pipe<T>(
    promise: PromiseLike<T>,
    onValue: (value: T) => unknown,
    onError: (error: unknown) => unknown = rethrow,
  ): void {
    this.#expectInstance('pipe a promise')
    this.#actor.loop.self.pipe(promise, onValue, onError)
  }

  whenIdle(ms: number, run: () => unknown): void {
    this.#expectInstance('start a timer')
    this.#actor.loop.self.whenIdle(ms, run)
  }

  stash(): void {
    this.#expectInstance('stash a message')
    this.#actor.loop.stash()
  }

  unstashAll(): void {
    this.#expectInstance('bring messages back')
    this.#actor.loop.unstashAll()
  }

  become(behaviour: object): void {
    this.#expectInstance('change what handles messages')
    this.#actor.loop.dispatcher.become(behaviour as Behaviour)
  }

  unbecome(): void {
    this.#expectInstance('change what handles messages')
    this.#actor.loop.dispatcher.become(undefined)
  }

  get mailbox(): MailboxStatistics {
    return this.#actor.loop.mailbox.statistics
  }

  stop(): void
  stop(child: ActorRef<object>, options?: WaitOptions): Promise<void>
  stop(child?: ActorRef<object>, options: WaitOptions = {}): void | Promise<void> {
    if (child === undefined) return this.#actor.stopSelf()
    ownRef('stop', child, this.#actor.host.messenger)
    expectActor(child)
    return this.#actor.children.stop(child, options)
  }

  #expectDurable(action: string): NonNullable<ContextParts['durable']> {
    this.#expectInstance(action)
    const { durable, self } = this.#actor
    if (durable !== undefined) return durable
    throw new NotDurableError(self.toString(), 'it is not durable; define it with { durable: true }', action)
  }

  /** The next instance must not get what code of this one still begins. */
  #expectInstance(action: string): void {
    if (this.#owner?.isClosed === true) throw new ScopeClosedError(action, this.#owner.name)
  }
}

/** Runs an actor's code with its context as the current one, outside of any caller's async context. */
export function runWithContext<T>(context: InstanceContext, run: () => T): T {
  return inRootContext(() => {
    const outer = enterActor(context, ownerOf(context))
    try {
      return run()
    } finally {
      leaveActor(outer)
    }
  })
}

function rethrow(error: unknown): never {
  throw error
}
