import type { ActorDefinition } from './actor-definition.js'
import type { ComputeOptions } from './jobs/compute-options.js'
import type { Job } from './jobs/job.js'
import type { Logger } from './log.js'
import type { MailboxStatistics } from './mailbox-spec.js'
import type { WaitOptions } from './protocol.js'
import type { GroupRef } from './refs/group.js'
import type { ActorRef } from './refs/ref.js'
import type { Topic, TopicRef } from './refs/topic.js'
import type { Watch } from './refs/watch.js'
import type { ActorDown } from './supervision/actor-down.js'
import type { SpawnOptions } from './supervision/child-spec.js'
import type { Timer } from './time/clock.js'

/**
 * What an actor knows of itself. Get it from `actorContext()` in a field or the constructor, or have it injected, and
 * keep it. Each instance has its own, which begins nothing any more when the instance has ended.
 */
export abstract class ActorContext<A extends object = object> {
  /** The actor's own ref, to be given away in messages. */
  abstract get self(): ActorRef<A>

  /**
   * Which actor sent the message that is being handled, if it did so before its own handler's first `await`; else
   * undefined.
   */
  abstract get sender(): ActorRef<object> | undefined

  /**
   * Aborts when who asked for the message that is being handled has given up, when the reader of a stream has left it,
   * or when the actor must stop at once. Has aborted when the instance has ended. Others are handled while the
   * generator of a stream waits, so it takes its signal before its first `await`: `const { signal } = this.#context`.
   */
  abstract get signal(): AbortSignal

  /**
   * How often the handler of this message was begun before, by incarnations of the actor whose thread went down: from 1
   * on it may have had some of its effects already. Always 0 for an actor without `redeliver`.
   */
  abstract get redelivered(): number

  /**
   * The W3C traceparent that the message that is being handled was sent with; undefined when there was none.
   *
   * @see withTraceparent
   */
  abstract get traceparent(): string | undefined

  /**
   * Starts a child of this actor. It belongs to this instance: it is stopped before `onStop` when this actor stops or
   * is restarted, and its name is free then. This actor supervises it as `children` of its definition says. When it
   * would be one restart too many, this actor fails with a RestartLimitError; a child that is `temporary` is gone when
   * it fails, which `watch` tells. What stands by itself is started by the main thread.
   *
   * @throws As `System.spawn`; and {ScopeClosedError} when this instance has ended.
   * @see System.spawn
   */
  abstract spawn<A extends object>(
    definition: ActorDefinition<A>,
    options?: SpawnOptions<A> & WaitOptions,
  ): Promise<ActorRef<A>>

  /**
   * Runs something as a message of the actor when another has ended, on whatever host, once: also when that is gone
   * already. What ends is an instance: also one that fails and is restarted has ended, and who wants to know of the
   * next end watches again. What it had sent may arrive later. OTP calls this a monitor.
   *
   * @example
   *   ;```ts
   *   this.#context.watch(worker, ({ reason }) => this.#workerEnded(reason))
   *   ```
   *
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  abstract watch(ref: ActorRef<object>, onDown: (down: ActorDown) => unknown): Watch

  /**
   * Has this actor fail, with a LinkedActorDownError, when another fails, or goes down with its thread, or is gone
   * already; not when that is stopped. The link goes one way; two make OTP's.
   *
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  abstract link(ref: ActorRef<object>): Watch

  /**
   * Writes lines with the actor's name and host: `context.log.info('order placed', { order: 7 })`. Each is written when
   * the call returns, whatever becomes of the thread.
   */
  abstract get log(): Logger

  /**
   * Runs a short CPU-bound job on a thread of its own, so that this thread goes on; pass `signal: context.signal` for
   * it to end with the message that wants it.
   *
   * @see System.compute
   */
  abstract compute<A extends readonly unknown[], R>(
    job: Job<A, R>,
    args: A,
    options?: ComputeOptions,
  ): Promise<Awaited<R>>

  /**
   * Finds the actor that has a name, on any host.
   *
   * @see System.lookup
   */
  abstract lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>

  /** The actors of all hosts that go by a name together. */
  abstract group<A extends object>(name: string): GroupRef<A>

  /** A topic, to publish on it or to hear it: `context.topic(prices).publish('NYSE.IBM', { cents: 14_250 })`. */
  abstract topic<T>(topic: Topic<T>): TopicRef<T>

  /**
   * Runs something as a message of the actor, once, `ms` milliseconds from now. It does not outlive the actor's
   * instance.
   *
   * @throws {RangeError}
   * @throws {ScopeClosedError} When that has ended.
   */
  abstract after(ms: number, run: () => unknown): Timer

  /**
   * Runs something as a message of the actor every `ms` milliseconds, counted from each run to the next, so that runs
   * never pile up, as long as the actor's instance lives.
   *
   * @throws {RangeError}
   * @throws {ScopeClosedError} When that has
   * ended.
   */
  abstract every(ms: number, run: () => unknown): Timer

  /**
   * Runs something as a message of the actor when a promise has settled, so that the actor can handle others until
   * then. Without `onError` a rejection fails the actor. What settles after a restart is dropped: it was for the
   * instance before.
   */
  abstract pipe<T>(promise: PromiseLike<T>, onValue: (value: T) => unknown, onError?: (error: unknown) => unknown): void

  /**
   * Runs something whenever the actor has had no message for `ms` milliseconds: `context.whenIdle(60_000, () =>
   * context.stop())`. The last call counts, and Infinity ends it. Akka calls this the receive timeout.
   *
   * @throws {RangeError}
   */
  abstract whenIdle(ms: number, run: () => unknown): void

  /**
   * Puts the message that is being handled aside when its method returns; `unstashAll` brings it back, and it is
   * handled from its start. An asker goes on waiting. It counts as waiting in the mailbox. After a restart all that was
   * stashed is back.
   *
   * @throws {TypeError} When no sender's message is being handled.
   */
  abstract stash(): void

  /** Brings back what was stashed, in its order, before what has arrived since. */
  abstract unstashAll(): void

  /**
   * Has the methods of another object handle the messages of that name from the next one on, until a restart, or
   * `unbecome`.
   */
  abstract become(behaviour: object): void

  /** Has the actor's own methods handle all messages again. */
  abstract unbecome(): void

  /** What the actor's mailbox has seen. */
  abstract get mailbox(): MailboxStatistics

  /**
   * Stops this actor when it has handled what it has: for good, unless it is `permanent`. In `onStart` and `onRestart`
   * it says that there is nothing to do, as OTP's `ignore` does: a declared child is kept, stopped, its siblings start,
   * and `Supervisor.start` tries it again; `spawn` rejects.
   */
  abstract stop(): void
  /**
   * Stops a child of this actor, or one further below, for good, as `System.stop` does. Resolves when it has stopped,
   * and when it had stopped before.
   *
   * @throws {NotADescendantError} When another actor has started it.
   * @throws {RangeError} For a pool.
   */
  abstract stop(child: ActorRef<object>): Promise<void>
}

let current: ActorContext | undefined

/**
 * The context of the actor whose code runs: in its constructor and fields, and in its methods up to their first
 * `await`. `actorContext<Counter>()` says whose it is, for the type of `self`.
 *
 * @throws {TypeError} Elsewhere: get it in a field, `#context = actorContext()`, and it serves in all methods to their
 *   end.
 */
export function actorContext<A extends object = object>(): ActorContext<A> {
  if (current === undefined)
    throw new TypeError(
      'Cannot get the actor context here: call actorContext() in a field or the constructor of the actor and keep it',
    )
  return current as ActorContext<A>
}

/** The actor whose code runs, as far as `actorContext` knows it. */
export function currentActor(): ActorContext | undefined {
  return current
}

/**
 * Makes a context the current one.
 *
 * @returns The one before.
 */
export function setCurrentActor(context: ActorContext | undefined): ActorContext | undefined {
  const outer = current
  current = context
  return outer
}
