import type { Readable } from 'node:stream'
import type { ActorDefinition } from '../model/actor-definition.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { EventStream } from '../model/events/events.js'
import type { SnapshotOptions, SystemSnapshot } from '../model/events/snapshot.js'
import type { SystemReceipt } from '../model/events/system-receipt.js'
import type { Job, JobInput } from '../model/jobs/job.js'
import type { Logger } from '../model/log.js'
import type { Observer } from '../model/observing/observer-options.js'
import type { PoolOptions, PoolProps } from '../model/pools/pool-options.js'
import type { Props } from '../model/protocol.js'
import type { WaitOptions } from '../model/protocol.js'
import type { GroupRef } from '../model/refs/group.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Topic, TopicRef } from '../model/refs/topic.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import type { ChildSpec, SpawnOptions, StartOptions } from '../model/supervision/child-spec.js'
import type { MethodTimes, TimesOptions } from '../model/times/method-times.js'
import type { Supervisor, SuperviseOptions } from './supervision/supervisor.js'
import type { DeadLetters } from './undelivered/dead-letters.js'

/** Options of the system's stop. */
export interface SystemStopOptions {
  /** Milliseconds for all of it; Infinity sets no limit. Default: `stopTimeoutMs` of `startSystem`, which is 20,000. */
  readonly timeoutMs?: number | undefined
}

/**
 * A running system of actors, in the main thread.
 *
 * It survives the death of any thread, and loses no message silently: each is handled, rejected with an error, or
 * reported as a `dead-letter` or `messages-lost` event.
 */
export interface System {
  /** Writes lines of the program itself, as `context.log` does for actors. */
  readonly log: Logger

  /** The system's own supervisor, one-for-one, for everything without a supervisor of its own. */
  readonly root: Supervisor

  /**
   * The `process.stdout` output of the threads that were started with `stdout: true`, by `startSystem` or as an own
   * thread. Unread output is kept, and the threads' own streams then report that they are full. It ends after the
   * stop.
   */
  readonly stdout: Readable

  /** The same of `process.stderr`, with `stderr: true`. */
  readonly stderr: Readable

  /** What happens in the system, as it happens. */
  readonly events: EventStream

  /**
   * The last messages sent by `tell` that no actor will handle, oldest first, with counters: `for (const letter of
   * system.deadLetters) system.replay(letter)`.
   */
  readonly deadLetters: DeadLetters

  /**
   * Sends a dead letter's message once more: to its actor, which may have been restarted, or else to the actor that has
   * its name now. Letters that are replayed one after the other arrive in that order. The system then keeps the letter
   * no longer. The message has no `context.sender`, and no caller gets its answer.
   *
   * In a listener of `dead-letter` this may loop forever: check the reason first.
   *
   * @returns What `tell` returns.
   * @throws {ActorStoppedError} When there is no such actor.
   * @throws {MailboxFullError} As `tell` does.
   * @throws {TypeError} When only a text of the message was kept (`isText`), or when the letter is of another system.
   */
  replay(letter: DeadLetter): boolean

  /**
   * Starts an actor and returns when its `onStart` is done.
   *
   * @param definition What `defineActor` returned.
   * @throws {ActorStartError} When its module cannot be imported or does not define it, or its constructor or `onStart`
   *   throws: `cause` says which.
   * @throws {NameTakenError} When another actor has the name.
   * @throws {SystemStoppedError} After `stop`.
   * @throws {RangeError} When an option is out of its range.
   * @throws {NotCloneableError} When the props cannot travel.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. The system then stops the actor, even if it only comes up
   *   later.
   */
  spawn<A extends object>(
    definition: ActorDefinition<A>,
    ...options: StartOptions<A, SpawnOptions<A> & WaitOptions>
  ): Promise<ActorRef<A>>

  /**
   * Starts a supervisor and returns when its children have started, left to right. It stops them right to left.
   *
   * When it gives up, the system restarts it, with all its children; when that happens more than once within 5 s, the
   * system gives up as well, and stops.
   *
   * @example
   *   const shop = await system.supervise([child(Stock, { name: 'stock' }), child(Till)], {
   *     strategy: 'rest-for-one',
   *     maxRestarts: 3,
   *   })
   *
   * @throws {ChildStartError} When a child does not start: `cause` says why. Those before it are stopped.
   * @throws {SystemStoppedError} After `stop`.
   * @throws {RangeError} When a number of a spec is out of its range.
   * @throws {TypeError} When a spec is none.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. What was started is stopped then.
   */
  supervise(children: readonly ChildSpec[], options?: SuperviseOptions & WaitOptions): Promise<Supervisor>

  /**
   * Resolves when the system has stopped, for whatever reason: `stop`, a signal, or its own supervisor, which gave up.
   * In the last case, the receipt's `error` says why.
   */
  readonly stopped: Promise<SystemReceipt>

  /**
   * Starts a pool of actors and returns one ref to all of them, once they run and every host knows them. It works as
   * any other ref: for `tell`, `ask` and `stream`, in messages, and on any host. Each message goes from the sender's
   * host directly to a worker; `route` decides which.
   *
   * Workers are supervised one by one. The pool replaces a worker that its supervisor gives up. With bounds for its
   * size, the pool grows and shrinks with the length of its mailboxes; a worker that leaves has handled all that was
   * sent to it. Messages from one sender keep their order at each worker, not across workers.
   *
   * @example
   *   const resizers = await system.startPool(Resizer, { size: 4, route: 'least-busy' })
   *   const small = await resizers.ask.resize(image, 64)
   *
   * @throws {ActorStartError} When a worker cannot be started; nothing is left then.
   * @throws {NameTakenError} When another pool has the name.
   * @throws {SystemStoppedError} After `stop`.
   * @throws {RangeError} When an option is out of its range.
   * @throws {TypeError} When it makes no sense with the others.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. The system then stops the workers, including those that only
   *   come up later.
   */
  startPool<A extends object>(
    definition: ActorDefinition<A>,
    ...options:
      | [options: PoolOptions<A> & PoolProps<A> & WaitOptions]
      | (undefined extends Props<A> ? [options?: PoolOptions<A> & WaitOptions] : never)
  ): Promise<ActorRef<A>>

  /**
   * Finds the actor with the given name, on any host. Undefined when no actor has it, or its first start is not done.
   *
   * @param definition The expected definition, which gives the ref its type.
   * @throws {TypeError} When the actor is another, or `definition` is none.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   */
  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined>

  /** The group of actors under a name, across all hosts. */
  group<A extends object>(name: string): GroupRef<A>

  /** A topic, to publish on or to subscribe an actor to. */
  topic<T>(topic: Topic<T>): TopicRef<T>

  /**
   * Resolves when an actor has ended, on any host, and says how. It also resolves when the actor is gone already. An
   * actor that fails and is restarted has ended, too; watch again to learn of its next end.
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {RangeError} For a pool, which has no end of its own.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. The watch has ended then.
   */
  watch(ref: ActorRef<object>, options?: WaitOptions): Promise<ActorDown>

  /**
   * Kills the thread that an actor lives on, now, as a crash would. Its supervisors restart its actors, each by its own
   * spec. For tests, and for a thread that spins. It resolves when the thread has ended; a thread that is stuck in
   * native code keeps it waiting.
   *
   * @throws {TypeError} When the ref is of another system, or of another copy of this package.
   * @throws {RangeError} When the actor lives on the main thread, or is a pool.
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts. The thread is killed all the same.
   */
  killHost(ref: ActorRef<object>, options?: WaitOptions): Promise<void>

  /**
   * Runs a short CPU-bound job on a separate thread, and resolves with its result. The job is a function of a module
   * (`defineJob`), or a function that needs only its arguments and travels as its text. Arguments and result are copied
   * as in messages; `transfer` moves ArrayBuffers.
   *
   * It rejects with what the job throws (name, message, code, cause and stack as they were there), with the signal's
   * reason, or with ComputeTimeoutError, ComputeQueueFullError, JobNotFoundError, JobFunctionError, ComputeThreadError,
   * SystemStoppedError. No job runs twice.
   *
   * @example
   *   const sum = await system.compute((a: number, b: number) => a + b, [1, 2], { timeoutMs: 1000 })
   *
   * @throws {TypeError} When the job cannot run on another thread.
   * @throws {NotCloneableError} When the arguments or the result cannot travel.
   * @see startPool for workers that keep state.
   */
  compute<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>>

  /**
   * The current state of the system: its tree, with what each actor is handling, since when, and what it waits for; its
   * hosts; its counters. Plain data.
   *
   * For a host that does not answer within the deadline, because it spins or is busy, it shows the last known state,
   * marked `isStale`.
   */
  snapshot(options?: SnapshotOptions): Promise<SystemSnapshot>

  /**
   * How long messages have waited and were handled, for each definition of actors and each of its methods, and how long
   * asks took, since the start of the system, or since an earlier reading. Plain data; what there is since the start
   * only grows, whatever dies.
   *
   * Threads of this process are read while they spin, and after they have died. Nodes and own processes are asked, and
   * left out when they do not answer within the deadline.
   *
   * @throws {TypeError} When there is another option.
   * @throws {RangeError} When `timeoutMs` is negative or no number.
   */
  times(options?: TimesOptions): Promise<readonly MethodTimes[]>

  /**
   * The page that shows the system, for a system that was started with `observer`.
   *
   * @throws {ObserverError} When it was not.
   */
  observe(): Promise<Observer>

  /** How many spare threads are ready now. */
  readonly spares: number

  /** How many spare processes are ready now. */
  readonly spareProcesses: number

  /** Keeps the process alive while the system runs, which is the default. */
  ref(): void

  /** Lets the process end when nothing else keeps it alive; the system then stops before the process ends. */
  unref(): void

  /**
   * Stops everything: actors, services and supervisors, each within its `shutdownMs`, what was spawned together and all
   * else last started first; then threads, last started first; then what is left in the main thread. A second call
   * joins the first stop, and gets the same receipt. Never rejects.
   *
   * The whole stop has a limit, whatever hangs: `timeoutMs`, or `stopTimeoutMs` of `startSystem`, 20,000 by default.
   * After half of that, the system hurries all that still stops. After four fifths, it kills the threads and processes
   * that are left, and leaves alone what hangs on the main thread. A call with less time shortens a stop in progress.
   * `phase` of the receipt says how far the stop went. The system cannot kill a thread that is stuck in native code:
   * the stop does not wait for it, but the process cannot end by itself as long as it is there.
   *
   * @throws {RangeError} At once, when `timeoutMs` is negative or none.
   */
  stop(options?: SystemStopOptions): Promise<SystemReceipt>
  /**
   * Stops an actor, or all workers of a pool at the same time, for good: it refuses what comes after, handles the
   * messages that it has within its `shutdownMs`, then its `onStop` runs. Stopping a stopped actor is harmless. When
   * the signal or `timeoutMs` ends the wait, the stop goes on.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   * @throws {TypeError} At once, when `ref` is undefined, so that it does not stop the system by accident; and when it
   *   is of another system, or of another copy of this package.
   */
  stop(ref: ActorRef<object>, options?: WaitOptions): Promise<void>

  [Symbol.asyncDispose](): Promise<void>
}
