import { enterOwner, leaveOwner, type Owner, type Cancellable } from '@zera/core/internal'
import type { ActorDefinition } from './actor-definition.js'
import type { ReminderTime } from './durability/reminder-time.js'
import type { SqlValue } from './durability/store.js'
import type { Job, JobInput } from './jobs/job.js'
import type { Logger } from './log.js'
import type { MailboxStatistics } from './mailbox-spec.js'
import type { MethodName, WaitOptions } from './protocol.js'
import type { GroupRef } from './refs/group.js'
import type { ActorRef } from './refs/ref.js'
import type { Topic, TopicRef } from './refs/topic.js'
import type { ActorDown } from './supervision/actor-down.js'
import type { SpawnOptions, StartOptions } from './supervision/child-spec.js'

/**
 * What an actor knows about itself. Get it from `actorContext()` in a field or the constructor, or have it injected,
 * and keep it. Each instance has its own context, which starts nothing new once the instance has ended.
 */
export abstract class ActorContext<A extends object = object> {
  /** The actor's own ref, to pass on in messages. */
  abstract get self(): ActorRef<A>

  /** The actor that sent the current message. Undefined unless an actor sent it before its own handler's first `await`. */
  abstract get sender(): ActorRef<object> | undefined

  /**
   * Aborts when the asker of the current message gives up, when the reader leaves a stream, or when the actor must stop
   * at once. It has always aborted once the instance has ended. The actor handles other messages while the generator of
   * a stream waits, so a generator must take its signal before its first `await`: `const { signal } = this.#context`.
   */
  abstract get signal(): AbortSignal

  /**
   * How often earlier incarnations of the actor, whose threads went down, started to handle this message. From 1 on,
   * some of its effects may have happened already. Always 0 for an actor without `redeliver`.
   */
  abstract get redelivered(): number

  /**
   * The W3C traceparent that the current message was sent with; undefined when it had none.
   *
   * @see withTraceparent
   */
  abstract get traceparent(): string | undefined

  /**
   * Starts a child of this actor. It belongs to this instance: when this actor stops or restarts, the child stops
   * before `onStop`, and its name is free again. This actor supervises it according to `children` in its definition.
   * One restart too many, and this actor fails with a RestartLimitError. A `temporary` child is gone when it fails;
   * `watch` reports that. Start independent actors from the main thread.
   *
   * @throws As `System.spawn`; and {ScopeClosedError} when this instance has ended.
   * @see System.spawn
   */
  abstract spawn<A extends object>(
    definition: ActorDefinition<A>,
    ...options: StartOptions<A, SpawnOptions<A> & WaitOptions>
  ): Promise<ActorRef<A>>

  /**
   * Runs a function once, as a message of this actor, when another actor ends, on any host. It also runs when that
   * actor is gone already. What ends is an instance: one that fails and is restarted has ended too, so watch again to
   * learn of the next end. Messages that the ended actor had sent may still arrive. OTP calls this a monitor.
   *
   * @example
   *   this.#context.watch(worker, ({ reason }) => this.#workerEnded(reason))
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  abstract watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Cancellable

  /**
   * Makes this actor fail with a LinkedActorDownError when another actor fails, goes down with its thread, or is gone
   * already. A stop of the other actor does not count. The link goes one way; two of them make an OTP link.
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  abstract link(ref: ActorRef<object>): Cancellable

  /**
   * Writes lines with the actor's name and host: `context.log.info('order placed', { order: 7 })`. Each line is written
   * by the time the call returns, whatever happens to the thread afterwards.
   */
  abstract get log(): Logger

  /**
   * Runs a short CPU-bound job on a thread of its own, so that this thread is not blocked. Pass `signal:
   * context.signal` to end the job together with the current message.
   *
   * @see System.compute
   */
  abstract compute<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>>

  /**
   * Finds an actor by its name, on any host.
   *
   * @see System.lookup
   */
  abstract lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>

  /** A group: the actors of all hosts that share a name. */
  abstract group<A extends object>(name: string): GroupRef<A>

  /** A topic, to publish on or subscribe to: `context.topic(prices).publish('NYSE.IBM', { cents: 14_250 })`. */
  abstract topic<T>(topic: Topic<T>): TopicRef<T>

  /**
   * Runs a function once, as a message of the actor, `ms` milliseconds from now. The timer does not outlive the actor's
   * instance.
   *
   * @throws {RangeError}
   * @throws {ScopeClosedError} When that has ended.
   */
  abstract after(ms: number, run: () => unknown): Cancellable

  /**
   * Runs a function as a message of the actor every `ms` milliseconds, as long as the actor's instance lives. The time
   * counts from each run to the next, so runs never pile up.
   *
   * @throws {RangeError}
   * @throws {ScopeClosedError} When that has
   * ended.
   */
  abstract every(ms: number, run: () => unknown): Cancellable

  /**
   * Lets a durable actor have a message of its own later, by the name of its method. It is kept with the state, so it
   * outlives the process, and comes at the start of the actor when its time has passed meanwhile. What its handler
   * changes and that it is over are one commit. A handler that throws ends it, as a dead letter; one that takes its
   * thread along three times, too. With `everyMs` it comes again and again, in steps from the first time; those that
   * were missed come as one.
   *
   * @example
   *   this.context.remind('expire', { at: new Date(order.untilMs) }, order.id)
   *
   * @returns Its id. One with the same id replaces it. Default: a new one; with `everyMs` the name of the method. One
   *   that comes every so often with the same message already keeps its time, so that it may be set at each start.
   * @throws {NotDurableError} When the actor is not durable.
   * @throws {RangeError} When a time is none.
   * @throws {MessageNotKeptError} When an argument cannot be kept.
   */
  abstract remind<M extends MethodName<A> & string>(
    method: M,
    when: ReminderTime,
    ...args: A extends Record<M, (...args: infer P) => unknown> ? P : never
  ): string

  /**
   * Identifies what the current message of a durable actor does in the world: the same text whenever this message is
   * handled, also after a death of the process, if it is kept or was asked with an id, or is a reminder. Hand it to a
   * service that does the same thing once, such as a payment provider, as its idempotency key.
   *
   * @throws {NotDurableError} When the actor is not durable.
   * @throws {TypeError} When no message is being handled.
   */
  abstract get effectId(): string

  /**
   * Adds a statement to the commit of the current message, for tables of the program in the same database: it counts
   * with the message, or not at all. It is the database's own SQL, with `?` for values in SQLite and `$1`, `$2` in
   * PostgreSQL. It runs when the message is handled, and returns nothing; read by a connection of your own. When the
   * database refuses it, the message is given back with a SqlRefusedError, and the actor goes on from its last commit.
   *
   * @example
   *   this.context.sql('INSERT INTO paid (id, cents) VALUES (?, ?)', order.id, order.cents)
   *
   * @throws {NotDurableError} When the actor is not durable.
   * @throws {TypeError} When it is about the transaction itself.
   */
  abstract sql(sql: string, ...values: readonly SqlValue[]): void

  /** Takes a reminder back, by its id; one that is not there is none. It is part of the commit of the current message. */
  abstract forget(id: string): void

  /**
   * Runs a function as a message of the actor when a promise has settled. Until then the actor can handle other
   * messages. Without `onError`, a rejection makes the actor fail. A result that arrives after a restart is dropped: it
   * was meant for the previous instance.
   */
  abstract pipe<T>(promise: PromiseLike<T>, onValue: (value: T) => unknown, onError?: (error: unknown) => unknown): void

  /**
   * Runs a function whenever the actor has had no message for `ms` milliseconds: `context.whenIdle(60_000, () =>
   * context.stop())`. The last call wins, and Infinity turns it off. Akka calls this the receive timeout.
   *
   * @throws {RangeError}
   */
  abstract whenIdle(ms: number, run: () => unknown): void

  /**
   * Sets the current message aside when its method returns. `unstashAll` brings it back, and its handler then runs from
   * the start. An asker keeps waiting. The message still counts as waiting in the mailbox. A restart brings back all
   * stashed messages.
   *
   * @throws {TypeError} When no sender's message is being handled.
   */
  abstract stash(): void

  /** Brings back the stashed messages in their order, ahead of those that have arrived since. */
  abstract unstashAll(): void

  /**
   * Lets the methods of another object handle the messages of the same name, from the next message until a restart or
   * `unbecome`.
   */
  abstract become(behaviour: object): void

  /** Lets the actor's own methods handle all messages again. */
  abstract unbecome(): void

  /** Counters of the actor's mailbox. */
  abstract get mailbox(): MailboxStatistics

  /**
   * Stops this actor once it has handled the messages that it has: for good, unless it is `permanent`. In `onStart` and
   * `onRestart` it means that there is nothing to do, like OTP's `ignore`. The supervisor then keeps a declared child
   * as stopped and starts its siblings, and `Supervisor.start` tries it again; `spawn` rejects.
   */
  abstract stop(): void
  /**
   * Stops a child of this actor, or a descendant further down, for good, as `System.stop` does. Resolves when it has
   * stopped, also when it had stopped before. A stop that is no longer waited for goes on.
   *
   * @throws {WaitTimeoutError} When it takes longer than `timeoutMs`.
   * @throws The reason of the signal, when that aborts.
   * @throws {NotADescendantError} When another actor started it.
   * @throws {RangeError} For a pool.
   */
  abstract stop(child: ActorRef<object>, options?: WaitOptions): Promise<void>
}

let current: ActorContext | undefined

/**
 * The context of the actor whose code is running. Call it in a field, in the constructor, or in a method before its
 * first `await`. `actorContext<Counter>()` names the actor's type, for the type of `self`.
 *
 * @throws {TypeError} Anywhere else. Get it in a field, `#context = actorContext()`, and use it in all methods, also
 *   after an `await`.
 */
export function actorContext<A extends object = object>(): ActorContext<A> {
  if (current === undefined)
    throw new TypeError(
      'Cannot get the actor context here: call actorContext() in a field or the constructor of the actor and keep it',
    )
  return current as ActorContext<A>
}

/** The actor whose code is running, as far as `actorContext` knows. */
export function currentActor(): ActorContext | undefined {
  return current
}

/**
 * Enters the code of an actor, until `leaveActor` in the same turn.
 *
 * @param owner Owns what that code opens.
 * @returns The context that was current before.
 */
export function enterActor(context: ActorContext, owner: Owner | undefined): ActorContext | undefined {
  const outer = current
  current = context
  enterOwner(owner)
  return outer
}

/** Returns to what was current before `enterActor`. */
export function leaveActor(outer: ActorContext | undefined): void {
  leaveOwner()
  current = outer
}
