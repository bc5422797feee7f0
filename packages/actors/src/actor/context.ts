import { enterOwner, inRootContext, leaveOwner, ScopeClosedError, type Owner } from '@zera/core/internal'
import { ActorContext, setCurrentActor } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import type { Address } from '../model/address.js'
import { LinkedActorDownError } from '../model/errors.js'
import type { ComputeOptions } from '../model/jobs/compute-options.js'
import type { Job } from '../model/jobs/job.js'
import type { Logger } from '../model/log.js'
import type { MailboxStatistics } from '../model/mailbox-spec.js'
import type { WaitOptions } from '../model/protocol.js'
import type { GroupRef } from '../model/refs/group.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Topic, TopicRef } from '../model/refs/topic.js'
import { expectActor, type Watch } from '../model/refs/watch.js'
import { isOrderly, type ActorDown } from '../model/supervision/actor-down.js'
import type { SpawnOptions } from '../model/supervision/child-spec.js'
import type { Timer } from '../model/time/clock.js'
import type { SelfMessages } from './self-messages.js'

/** Runs jobs. */
export interface Computes {
  run<A extends readonly unknown[], R>(job: Job<A, R>, args: A, options?: ComputeOptions): Promise<Awaited<R>>
}

/** Finds other actors. */
export interface Finds {
  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>
  group<A extends object>(name: string): GroupRef<A>
  topic<T>(topic: Topic<T>): TopicRef<T>
}

/** Watches actors on behalf of this host's actors. */
export interface Watches {
  watch(watcher: number, target: Address, tell: (down: ActorDown) => void): Watch
  /** The instance of a watcher has ended. */
  clear(watcher: number): void
}

/** What a context is a view of. */
export interface ContextSource {
  readonly self: ActorRef<object>
  readonly sender: ActorRef<object> | undefined
  readonly signal: AbortSignal
  readonly redelivered: number
  readonly traceparent: string | undefined
  spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> & WaitOptions): Promise<ActorRef<A>>
  readonly compute: Computes
  readonly log: Logger
  readonly directory: Finds
  watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Watch
  readonly selfMessages: SelfMessages
  readonly mail: Mail
  stopSelf(): void
  stopChild(ref: ActorRef<object>): Promise<void>
}

/** What an actor may do with its messages. */
export interface Mail {
  stash(): void
  unstashAll(): void
  readonly dispatcher: { become(behaviour: Behaviour | undefined): void }
  readonly mailbox: { readonly statistics: MailboxStatistics }
}

let ownerOf: (context: InstanceContext) => Owner | undefined

/** The context of one instance of an actor. */
export class InstanceContext extends ActorContext {
  readonly #source: ContextSource
  readonly #owner: Owner | undefined

  static {
    ownerOf = context => context.#owner
  }

  /** @param owner The instance's. */
  constructor(source: ContextSource, owner?: Owner) {
    super()
    this.#source = source
    this.#owner = owner
  }

  get self(): ActorRef<object> {
    return this.#source.self
  }

  get sender(): ActorRef<object> | undefined {
    return this.#source.sender
  }

  get signal(): AbortSignal {
    if (this.#owner?.isClosed === true) return AbortSignal.abort(new ScopeClosedError('go on', this.#owner.name))
    return this.#source.signal
  }

  get redelivered(): number {
    return this.#source.redelivered
  }

  get traceparent(): string | undefined {
    return this.#source.traceparent
  }

  async spawn<A extends object>(
    definition: ActorDefinition<A>,
    options: SpawnOptions<A> & WaitOptions = {},
  ): Promise<ActorRef<A>> {
    this.#expectInstance('spawn a child')
    return this.#source.spawn(definition, options)
  }

  watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Watch {
    this.#expectInstance('watch an actor')
    expectActor(ref)
    return this.#source.watch(ref, onDown)
  }

  link(ref: ActorRef<object>): Watch {
    return this.watch(ref, down => {
      if (!isOrderly(down)) throw new LinkedActorDownError(ref.toString(), down)
    })
  }

  get log(): Logger {
    return this.#source.log
  }

  compute<A extends readonly unknown[], R>(job: Job<A, R>, args: A, options?: ComputeOptions): Promise<Awaited<R>> {
    return this.#source.compute.run(job, args, options)
  }

  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined> {
    return this.#source.directory.lookup(name, definition, options)
  }

  group<A extends object>(name: string): GroupRef<A> {
    return this.#source.directory.group(name)
  }

  topic<T>(topic: Topic<T>): TopicRef<T> {
    return this.#source.directory.topic(topic)
  }

  after(ms: number, run: () => unknown): Timer {
    this.#expectInstance('start a timer')
    return this.#source.selfMessages.after(ms, run)
  }

  every(ms: number, run: () => unknown): Timer {
    this.#expectInstance('start a timer')
    return this.#source.selfMessages.every(ms, run)
  }

  pipe<T>(
    promise: PromiseLike<T>,
    onValue: (value: T) => unknown,
    onError: (error: unknown) => unknown = rethrow,
  ): void {
    this.#expectInstance('pipe a promise')
    this.#source.selfMessages.pipe(promise, onValue, onError)
  }

  whenIdle(ms: number, run: () => unknown): void {
    this.#expectInstance('start a timer')
    this.#source.selfMessages.whenIdle(ms, run)
  }

  stash(): void {
    this.#expectInstance('stash a message')
    this.#source.mail.stash()
  }

  unstashAll(): void {
    this.#expectInstance('bring messages back')
    this.#source.mail.unstashAll()
  }

  become(behaviour: object): void {
    this.#expectInstance('change what handles messages')
    this.#source.mail.dispatcher.become(behaviour as Behaviour)
  }

  unbecome(): void {
    this.#expectInstance('change what handles messages')
    this.#source.mail.dispatcher.become(undefined)
  }

  get mailbox(): MailboxStatistics {
    return this.#source.mail.mailbox.statistics
  }

  stop(): void
  stop(child: ActorRef<object>): Promise<void>
  stop(child?: ActorRef<object>): void | Promise<void> {
    if (child === undefined) return this.#source.stopSelf()
    expectActor(child)
    return this.#source.stopChild(child)
  }

  /** The next instance must not get what code of this one still begins. */
  #expectInstance(action: string): void {
    if (this.#owner?.isClosed === true) throw new ScopeClosedError(action, this.#owner.name)
  }
}

/**
 * Makes a context the current one.
 *
 * @returns The one before, for `leaveContext`.
 */
export function enterContext(context: InstanceContext): ActorContext | undefined {
  const outer = setCurrentActor(context)
  enterOwner(ownerOf(context))
  return outer
}

/** Restores the context that was current before `enterContext`. */
export function leaveContext(outer: ActorContext | undefined): void {
  leaveOwner()
  setCurrentActor(outer)
}

/** Runs an actor's code with its context as the current one, outside of any caller's async context. */
export function runWithContext<T>(context: InstanceContext, run: () => T): T {
  return inRootContext(() => {
    const outer = enterContext(context)
    try {
      return run()
    } finally {
      leaveContext(outer)
    }
  })
}

function rethrow(error: unknown): never {
  throw error
}

/** Methods that replace those of an actor. */
export type Behaviour = Readonly<Record<string, (...args: unknown[]) => unknown>>
