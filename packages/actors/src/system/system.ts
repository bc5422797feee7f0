import type { Readable } from 'node:stream'
import type { ActorDefinition } from '../model/actor-definition.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { EventStream } from '../model/events/events.js'
import type { SnapshotOptions, SystemSnapshot } from '../model/events/snapshot.js'
import type { SystemReceipt } from '../model/events/system-receipt.js'
import type { ComputeOptions } from '../model/jobs/compute-options.js'
import type { Job } from '../model/jobs/job.js'
import type { Logger } from '../model/log.js'
import type { PoolOptions } from '../model/pools/pool-options.js'
import type { WaitOptions } from '../model/protocol.js'
import type { GroupRef } from '../model/refs/group.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Topic, TopicRef } from '../model/refs/topic.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import type { ChildSpec, SpawnOptions } from '../model/supervision/child-spec.js'
import type { Supervisor, SuperviseOptions } from './supervision/supervisor.js'
import type { DeadLetters } from './undelivered/dead-letters.js'

/** How a system is stopped. */
export interface SystemStopOptions {
  /** Milliseconds for all of it; Infinity sets no limit. Default: `stopTimeoutMs` of `startSystem`, which is 20,000. */
  readonly timeoutMs?: number | undefined
}

/**
 * A running system of actors, in the main thread.
 *
 * No thread's death takes it with it, and no message is lost in silence: each is handled, given back with an error, or
 * told as a `dead-letter` or `messages-lost` event.
 */
export interface System {
  /** Writes lines of the program itself, as `context.log` does for actors. */
  readonly log: Logger

  /** The system's own supervisor, one-for-one, of whatever is not under a supervisor of its own. */
  readonly root: Supervisor

  /**
   * What the threads write to `process.stdout` that were started with `stdout: true`, by `startSystem` or as an own
   * thread. What is not read is kept, and the threads' own streams then say that they are full. It ends after the
   * stop.
   */
  readonly stdout: Readable

  /** The same of `process.stderr`, with `stderr: true`. */
  readonly stderr: Readable

  /** What happens in the system, as it happens. */
  readonly events: EventStream

  /**
   * The last messages that were told and will not be handled, oldest first, with counters: `for (const letter of
   * system.deadLetters) system.replay(letter)`.
   */
  readonly deadLetters: DeadLetters

  /**
   * Tells a dead letter's message once more: to its actor, which may have been restarted, or else to the one that has
   * its name now. Letters that are replayed one after the other arrive in that order. It is kept no longer. Its
   * `context.sender` is nobody, and nobody is given an answer.
   *
   * In a listener of `dead-letter` it may go round for ever: look at the reason first.
   *
   * @returns What `tell` returns.
   * @throws {ActorStoppedError} When there is no such actor.
   * @throws {MailboxFullError} As `tell` does.
   * @throws {TypeError} When only a text of the message was kept (`isText`).
   */
  replay(letter: DeadLetter): boolean

  /**
   * Starts an actor and returns when its `onStart` is done.
   *
   * @param definition What `defineActor` returned.
   * @throws {ActorStartError} When its module cannot be imported or does not export it, or its constructor or `onStart`
   *   throws: `cause` says which.
   * @throws {NameTakenError} When another actor has the name.
   * @throws {SystemStoppedError} After `stop`.
   * @throws {RangeError} When an option is out of its range.
   * @throws {NotCloneableError} When the props cannot travel.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts. The
   *   actor is stopped then, also when it comes up only later.
   */
  spawn<A extends object>(definition: ActorDefinition<A>, options?: SpawnOptions<A> & WaitOptions): Promise<ActorRef<A>>

  /**
   * Starts a supervisor of one's own and returns when its children have started, left to right. They are stopped right
   * to left.
   *
   * When it gives up, the system restarts it, with all its children; when that happens more than once within 5 s, the
   * system gives up as well, and stops.
   *
   * @example
   *   ;```ts
   *   const shop = await system.supervise([child(Stock, { name: 'stock' }), child(Till)], {
   *     strategy: 'rest-for-one',
   *     maxRestarts: 3,
   *   })
   *   ```
   *
   * @throws {ChildStartError} When a child does not start: `cause` says why. Those before it are stopped.
   * @throws {SystemStoppedError} After `stop`. @throws {RangeError} @throws {TypeError} When a spec is none.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts. What
   *   was started is stopped then.
   */
  supervise(children: readonly ChildSpec[], options?: SuperviseOptions & WaitOptions): Promise<Supervisor>

  /**
   * Resolves when the system has stopped, whoever stopped it: `stop`, a signal, or its own supervisor, which gave up;
   * `error` of the receipt says why then.
   */
  readonly stopped: Promise<SystemReceipt>

  /**
   * Starts a pool of actors and returns one ref to all of them, when they run and every host knows them. It is a ref as
   * any other: for `tell`, `ask` and `stream`, to be sent in messages, to be used on any host. Each message goes from
   * the sender's host to a worker directly; who that is, `route` says.
   *
   * Workers are supervised one by one. One that is given up is replaced. With bounds for its size the pool follows the
   * length of its mailboxes; who goes has handled all that was sent to it. Messages from one sender keep their order at
   * each worker, not across workers.
   *
   * @example
   *   ;```ts
   *   const resizers = await system.startPool(Resizer, { size: 4, route: 'least-busy' })
   *   const small = await resizers.ask.resize(image, 64)
   *   ```
   *
   * @throws {ActorStartError} When a worker cannot be started; nothing is left then. @throws {NameTakenError} When
   *   another pool has the name.
   * @throws {SystemStoppedError} @throws {RangeError} When an option is out of its range. @throws {TypeError} When it
   *   makes no sense with the others.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts. The
   *   workers are stopped then, also those that come up only later.
   */
  startPool<A extends object>(
    definition: ActorDefinition<A>,
    options: PoolOptions<A> & WaitOptions,
  ): Promise<ActorRef<A>>

  /**
   * Finds the actor that has a name, on any host. Undefined when nobody has it, or its first start is not done.
   *
   * @param definition What it must be, which gives the ref its type.
   * @throws {TypeError} When the actor is another.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   */
  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>

  /** The actors of all hosts that go by a name together. */
  group<A extends object>(name: string): GroupRef<A>

  /** A topic, to publish on it or to have it heard. */
  topic<T>(topic: Topic<T>): TopicRef<T>

  /**
   * Resolves when an actor has ended, on whatever host, and says how: also when it is gone already. One that fails and
   * is restarted has ended too; who wants to know of the next end watches again.
   *
   * @throws {RangeError} For a pool, which has no end of its own.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts. The
   *   watch has ended then.
   */
  watch(ref: ActorRef<object>, options?: WaitOptions): Promise<ActorDown>

  /**
   * Kills the thread that an actor lives on, now, as a crash would; its actors are restarted, each by its own spec. For
   * tests, and for a thread that spins. It resolves when the thread has ended; a thread in native code that does not
   * come back keeps it waiting.
   *
   * @throws {RangeError} When the actor lives on the main thread, or is a pool.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts. The
   *   thread is killed all the same.
   */
  killHost(ref: ActorRef<object>, options?: WaitOptions): Promise<void>

  /**
   * Runs a short CPU-bound job on a thread of its own, and gives what it returns: a function of a module (`defineJob`),
   * or a function that needs nothing but its arguments and travels as its text. Arguments and result are copied as in
   * messages; `transfer` moves ArrayBuffers.
   *
   * It rejects with what the job throws (name, message, code, cause and stack as they were there), with the signal's
   * reason, or with ComputeTimeoutError, ComputeQueueFullError, JobNotFoundError, JobFunctionError, ComputeThreadError,
   * SystemStoppedError. Nothing is run twice.
   *
   * @example
   *   ;```ts
   *   const sum = await system.compute((a: number, b: number) => a + b, [1, 2], { timeoutMs: 1000 })
   *   ```
   *
   * @throws {TypeError} When the job can be run nowhere else. @throws {NotCloneableError} When the arguments or the
   *   result cannot travel.
   * @see startPool for workers that keep state.
   */
  compute<A extends readonly unknown[], R>(job: Job<A, R>, args: A, options?: ComputeOptions): Promise<Awaited<R>>

  /**
   * The system as it is: its tree with what each actor is handling, since when, and for whom it waits; its hosts; its
   * counters. Plain data.
   *
   * A host that does not answer within the deadline, because it spins or is busy, is shown as it was last known, and
   * marked `isStale`.
   */
  snapshot(options?: SnapshotOptions): Promise<SystemSnapshot>

  /** How many spare threads are ready now. */
  readonly spares: number

  /** How many spare processes are ready now. */
  readonly spareProcesses: number

  /** Keeps the process alive while the system runs, which is the default. */
  ref(): void

  /** Lets the process end when nothing else keeps it alive; the system is stopped then, before it ends. */
  unref(): void

  /**
   * Stops everything: actors, services and supervisors, each within its `shutdownMs`, what was spawned together and all
   * else last started first; then threads, last started first; then what is left in the main thread. Calling it twice
   * is one stop, with the same receipt. Never rejects.
   *
   * All of it has a limit, whatever hangs: `timeoutMs`, or `stopTimeoutMs` of `startSystem`, 20,000 by default. When
   * half of that has passed, all that still stops is hurried; after four fifths threads and processes that are left are
   * killed, and what hangs on the main thread is left alone. A call with less time shortens a stop that is under way.
   * `phase` of the receipt says how far that went. A thread in native code that does not come back cannot be killed:
   * the stop does not wait for it, but the process cannot end by itself as long as it is there.
   *
   * @throws {RangeError} At once, when `timeoutMs` is negative or none.
   */
  stop(options?: SystemStopOptions): Promise<SystemReceipt>
  /**
   * Stops an actor, or all workers of a pool, for good: it handles what it has within its `shutdownMs`, then its
   * `onStop` runs. One that has stopped already is fine. A stop that is given up, by its signal or its `timeoutMs`,
   * goes on.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed. @throws The reason of the signal, when that aborts.
   * @throws {TypeError} At once, when `ref` is undefined: that must not stop the system.
   */
  stop(ref: ActorRef<object>, options?: WaitOptions): Promise<void>

  [Symbol.asyncDispose](): Promise<void>
}
