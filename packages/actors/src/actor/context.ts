import { enterOwner, inRootContext, leaveOwner, ScopeClosedError, type Owner } from '@zera/core/internal'
import type { Behaviour } from './actor-instance.js'
import type { Timer } from '../model/time/clock.js'
import type { ComputeClient } from '../host/compute-client.js'
import type { ComputeOptions } from '../model/jobs/compute-options.js'
import type { Job } from '../model/jobs/job.js'
import type { ActorDefinition } from '../model/definition.js'
import type { Directory } from '../host/directory/directory.js'
import { LinkedActorDownError } from '../model/errors.js'
import type { GroupRef } from '../host/directory/group.js'
import type { Topic, TopicRef } from '../host/directory/topic.js'
import type { Logger } from '../log/logger.js'
import type { MailboxStatistics } from './mailbox.js'
import type { ActorRef } from '../model/ref.js'
import type { SelfMessages } from './self-messages.js'
import { isOrderly, type ActorDown } from '../model/supervision/actor-down.js'
import type { SpawnOptions } from '../model/supervision/child-spec.js'
import { expectActor, type Watch } from '../host/watching.js'

/** What a context is a view of. */
export interface ContextSource {
  readonly self: ActorRef<object>
  readonly sender: ActorRef<object> | undefined
  readonly signal: AbortSignal
  readonly redelivered: number
  readonly traceparent: string | undefined
  spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A>): Promise<ActorRef<A>>
  readonly compute: ComputeClient
  readonly log: Logger
  readonly directory: Directory
  watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Watch
  readonly selfMessages: SelfMessages
  readonly mail: Mail
  stopSelf(): void
}

/** What an actor may do with its messages. */
export interface Mail {
  stash(): void
  unstashAll(): void
  readonly dispatcher: { become(behaviour: Behaviour | undefined): void }
  readonly mailbox: { readonly statistics: MailboxStatistics }
}

let ownerOf: (context: ActorContext) => Owner | undefined

/**
 * What an actor knows of itself. Get it from `actorContext()` in a field or the constructor, or have it injected, and keep it. Each instance has its own, which begins nothing any more when
 * the instance has ended.
 */
export class ActorContext {
  readonly #source: ContextSource
  readonly #owner: Owner | undefined

  static {
    ownerOf = context => context.#owner
  }

  /** @param owner The instance's. */
  constructor(source: ContextSource, owner?: Owner) {
    this.#source = source
    this.#owner = owner
  }

  /** The actor's own ref, to be given away in messages. */
  get self(): ActorRef<object> {
    return this.#source.self
  }

  /** Which actor sent the message that is being handled, if it did so before its own handler's first `await`; else undefined. */
  get sender(): ActorRef<object> | undefined {
    return this.#source.sender
  }

  /**
   * Aborts when who asked for the message that is being handled has given up, when the reader of a stream has left it, or when the actor must stop at once. Has aborted when the instance has ended. Others are handled while the generator of a stream waits, so it takes its
   * signal before its first `await`: `const { signal } = this.#context`.
   */
  get signal(): AbortSignal {
    if (this.#owner?.isClosed === true) return AbortSignal.abort(new ScopeClosedError('go on', this.#owner.name))
    return this.#source.signal
  }

  /**
   * How often the handler of this message was begun before, by incarnations of the actor whose thread went down: from 1 on it may have had some of its effects already. Always 0
   * for an actor without `redeliver`.
   */
  get redelivered(): number {
    return this.#source.redelivered
  }

  /** The W3C traceparent that the message that is being handled was sent with; undefined when there was none. @see withTraceparent */
  get traceparent(): string | undefined {
    return this.#source.traceparent
  }

  /** Starts another actor, under the system's supervisor. @see System.spawn */
  spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> = {}): Promise<ActorRef<A>> {
    return this.#source.spawn(definition, options)
  }

  /**
   * Runs something as a message of the actor when another has ended, on whatever host, once: also when that is gone already. What ends is an instance: also one that fails and
   * is restarted has ended, and who wants to know of the next end watches again. What it had sent may arrive later. OTP calls this a monitor.
   *
   * @throws {RangeError} For a pool, which has no end of its own.
   * @example
   * ```ts
   * this.#context.watch(worker, ({ reason }) => this.#workerEnded(reason))
   * ```
   */
  watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Watch {
    this.#expectInstance('watch an actor')
    expectActor(ref)
    return this.#source.watch(ref, onDown)
  }

  /**
   * Has this actor fail, with a LinkedActorDownError, when another fails, or goes down with its thread, or is gone already; not when that is stopped. The link goes one way; two make OTP's.
   *
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  link(ref: ActorRef<object>): Watch {
    return this.watch(ref, down => {
      if (!isOrderly(down)) throw new LinkedActorDownError(ref.toString(), down)
    })
  }

  /** Writes lines with the actor's name and host: `context.log.info('order placed', { order: 7 })`. Each is written when the call returns, whatever becomes of the thread. */
  get log(): Logger {
    return this.#source.log
  }

  /**
   * Runs a short CPU-bound job on a thread of its own, so that this thread goes on; pass `signal: context.signal` for it to end with the message that wants it.
   * @see System.compute
   */
  compute<A extends readonly unknown[], R>(job: Job<A, R>, args: A, options?: ComputeOptions): Promise<Awaited<R>> {
    return this.#source.compute.run(job, args, options)
  }

  /** Finds the actor that has a name, on any host. @see System.lookup */
  lookup<A extends object>(name: string, definition?: ActorDefinition<A>): Promise<ActorRef<A> | undefined> {
    return this.#source.directory.lookup(name, definition)
  }

  /** The actors of all hosts that go by a name together. */
  group<A extends object>(name: string): GroupRef<A> {
    return this.#source.directory.group(name)
  }

  /** A topic, to publish on it or to hear it: `context.topic(prices).publish('NYSE.IBM', { cents: 14_250 })`. */
  topic<T>(topic: Topic<T>): TopicRef<T> {
    return this.#source.directory.topic(topic)
  }

  /** Runs something as a message of the actor, once, `ms` milliseconds from now. It does not outlive the actor's instance. @throws {RangeError} @throws {ScopeClosedError} When that has ended. */
  after(ms: number, run: () => unknown): Timer {
    this.#expectInstance('start a timer')
    return this.#source.selfMessages.after(ms, run)
  }

  /** Runs something as a message of the actor every `ms` milliseconds, counted from each run to the next, so that runs never pile up, as long as the actor's instance lives. @throws {RangeError} @throws {ScopeClosedError} When that has ended. */
  every(ms: number, run: () => unknown): Timer {
    this.#expectInstance('start a timer')
    return this.#source.selfMessages.every(ms, run)
  }

  /**
   * Runs something as a message of the actor when a promise has settled, so that the actor can handle others until then. Without `onError` a rejection
   * fails the actor. What settles after a restart is dropped: it was for the instance before.
   */
  pipe<T>(promise: PromiseLike<T>, onValue: (value: T) => unknown, onError: (error: unknown) => unknown = rethrow): void {
    this.#expectInstance('pipe a promise')
    this.#source.selfMessages.pipe(promise, onValue, onError)
  }

  /**
   * Runs something whenever the actor has had no message for `ms` milliseconds: `context.whenIdle(60_000, () => context.stop())`. The last call
   * counts, and Infinity ends it. Akka calls this the receive timeout. @throws {RangeError}
   */
  whenIdle(ms: number, run: () => unknown): void {
    this.#expectInstance('start a timer')
    this.#source.selfMessages.whenIdle(ms, run)
  }

  /**
   * Puts the message that is being handled aside when its method returns; `unstashAll` brings it back, and it is handled from its start. An asker goes
   * on waiting. It counts as waiting in the mailbox. After a restart all that was stashed is back. @throws {TypeError} When no sender's message is being handled.
   */
  stash(): void {
    this.#expectInstance('stash a message')
    this.#source.mail.stash()
  }

  /** Brings back what was stashed, in its order, before what has arrived since. */
  unstashAll(): void {
    this.#expectInstance('bring messages back')
    this.#source.mail.unstashAll()
  }

  /** Has the methods of another object handle the messages of that name from the next one on, until a restart, or `unbecome`. */
  become(behaviour: object): void {
    this.#expectInstance('change what handles messages')
    this.#source.mail.dispatcher.become(behaviour as Behaviour)
  }

  /** Has the actor's own methods handle all messages again. */
  unbecome(): void {
    this.#expectInstance('change what handles messages')
    this.#source.mail.dispatcher.become(undefined)
  }

  /** What the actor's mailbox has seen. */
  get mailbox(): MailboxStatistics {
    return this.#source.mail.mailbox.statistics
  }

  /**
   * Stops this actor when it has handled what it has: for good, unless it is `permanent`. In `onStart` and `onRestart` it says that there is nothing to do, as OTP's `ignore` does: a declared child is kept,
   * stopped, its siblings start, and `Supervisor.start` tries it again; `spawn` rejects.
   */
  stop(): void {
    this.#source.stopSelf()
  }

  /** The next instance must not get what code of this one still begins. */
  #expectInstance(action: string): void {
    if (this.#owner?.isClosed === true) throw new ScopeClosedError(action, this.#owner.name)
  }
}

let current: ActorContext | undefined

/**
 * The context of the actor whose code runs: in its constructor and fields, and in its methods up to their first `await`.
 *
 * @throws {TypeError} Elsewhere: get it in a field, `#context = actorContext()`, and it serves in all methods to their end.
 */
export function actorContext(): ActorContext {
  if (current === undefined) throw new TypeError('Cannot get the actor context here: call actorContext() in a field or the constructor of the actor and keep it')
  return current
}

/** The actor whose code runs, as far as `actorContext` knows it. */
export function currentActor(): ActorContext | undefined {
  return current
}

/** Makes a context the current one. @returns The one before, for `leaveContext`. */
export function enterContext(context: ActorContext): ActorContext | undefined {
  const outer = current
  current = context
  enterOwner(ownerOf(context))
  return outer
}

/** Makes the context the current one that was so before `enterContext`. */
export function leaveContext(outer: ActorContext | undefined): void {
  leaveOwner()
  current = outer
}

/** Runs an actor's code with its context as the current one, and in the async context of nobody. */
export function runWithContext<T>(context: ActorContext, run: () => T): T {
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
