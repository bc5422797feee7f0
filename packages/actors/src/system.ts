// First, because it brings the metadata that the decorators of users' modules need (tsyringe).
import { ThreadContainer } from './container.js'
import { trackResource } from '@zera/core'
import { availableParallelism } from 'node:os'
import { formatAddress, GUARDIAN } from './address.js'
import type { Clock } from './clock.js'
import { COMPUTE, ComputeDesk } from './compute/compute-desk.js'
import { computeLimits, type ComputeOptions } from './compute/compute-options.js'
import type { Job } from './compute/job.js'
import type { DeadLetter } from './dead-letter.js'
import { DeadLetters } from './dead-letters.js'
import { isDefinition, type ActorDefinition } from './definition.js'
import { copyValues } from './directory/copy-values.js'
import type { GroupRef } from './directory/group.js'
import type { Topic, TopicRef } from './directory/topic.js'
import { ActorStoppedError } from './errors.js'
import { EventSource, type EventStream } from './events.js'
import { Host } from './host.js'
import { Guardian } from './hosting/guardian.js'
import { Guardians } from './hosting/guardians.js'
import { Ladder } from './hosting/ladder.js'
import type { HostSlot } from './hosting/host-slot.js'
import { Hosts, type HostsOwner } from './hosting/hosts.js'
import { SpareThreads } from './hosting/spare-threads.js'
import { defaultSink } from './log/default-sink.js'
import { Loggers, type Logger, type LogSink } from './log/logger.js'
import { openSink } from './log/open-sink.js'
import { threadPlatform, type Platform } from './platform.js'
import { readBlackBox } from './black-box/black-box-report.js'
import { OBSERVER, type HostReport } from './snapshot/host-observer.js'
import type { SnapshotOptions, SystemSnapshot } from './snapshot/snapshot.js'
import { hostSnapshot, look, treeSnapshot, type HostView } from './snapshot/take-snapshot.js'
import { stopOnSignals } from './process-signals.js'
import { ActorRef } from './ref.js'
import type { PoolOptions } from './routing/pool-options.js'
import { POOL_HOST } from './routing/pool-table.js'
import { Pools } from './routing/pools.js'
import type { ActorDown } from './supervision/actor-down.js'
import type { ChildSpec, SpawnOptions } from './supervision/child-spec.js'
import { Supervision } from './supervision/supervision.js'
import { Supervisor, type SuperviseOptions } from './supervision/supervisor.js'
import { expectActor } from './supervision/watching.js'
import { checkOptions, type SystemOptions } from './system-options.js'
import { addLeftovers, isCleanStop, type SystemReceipt } from './system-receipt.js'
import { SYSTEM, type SystemService } from './system-service.js'
import { toError } from './thrown.js'
import { findOpenTelemetry } from './tracing/open-telemetry.js'

/**
 * A running system of actors, in the main thread.
 *
 * No thread's death takes it with it, and no message is lost in silence: each is handled, given back with an error, or
 * told as a `dead-letter` or `messages-lost` event.
 */
export class System {
  readonly #events = new EventSource()
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #options: SystemOptions
  readonly #hosts: Hosts
  readonly #spares: SpareThreads
  readonly #ladder: Ladder
  readonly #supervision: Supervision
  /** Writes lines of the program itself, as `context.log` does for actors. */
  readonly log: Logger
  /** The system's own supervisor, one-for-one, of whatever is not under a supervisor of its own. */
  readonly root: Supervisor
  readonly #container: ThreadContainer
  readonly #compute: ComputeDesk
  readonly #pools: Pools
  readonly #release: (() => void)[]
  readonly #deadLetters: DeadLetters
  #messagesLost = 0
  #error: Error | undefined
  #hasStopped: (receipt: SystemReceipt) => void = () => undefined
  #stopping: Promise<SystemReceipt> | undefined
  readonly #stopped = new Promise<SystemReceipt>(resolve => (this.#hasStopped = resolve))

  /** Use `startSystem`, which returns when all threads are ready. */
  constructor(options: SystemOptions, container: ThreadContainer, { clock, random, transport, startHost, createJobThreads }: Platform, sink: LogSink = defaultSink()) {
    this.#options = options
    this.#container = container
    this.#clock = clock
    this.#startedAt = clock.epochMs()
    this.#deadLetters = new DeadLetters(options.maxDeadLetters ?? 1000)
    const { name = 'zera', startMs = 10_000, log = {} } = options
    const template = { name, startMs, container: options.container?.toString() }
    this.#spares = new SpareThreads({
      ...template,
      clock,
      count: options.spares ?? 0,
      startThread: thread => startHost({ ...thread, data: { ...thread.data, log: { ...log, ...(log.sink === undefined ? {} : { sink: log.sink.toString() }) } } }),
      failed: error => this.#events.emit('spare-failed', { error }),
    })
    this.#hosts = new Hosts(
      this.#hostsOwner(),
      template,
      this.#spares,
      transport,
      requestLink =>
        new Host({
          number: 0, clock, random, transport, requestLink,
          loggers: new Loggers(0, clock, sink, log.level),
          createInjector: context => container.createInjector(context),
        }),
    )
    this.log = this.#hosts.main.loggers.create(undefined)
    this.#ladder = new Ladder(this.#hosts, new Guardians(this.#hosts, clock), clock)
    const { main } = this.#hosts
    this.#supervision = new Supervision(this.#hosts, this.#events, { clock, random }, error => this.#fail(error))
    this.root = new Supervisor(this.#supervision, this.#supervision.root, main.messenger)
    main.addService(GUARDIAN, new Guardian(main))
    main.addService(SYSTEM.id, this.#service())
    this.#compute = new ComputeDesk(createJobThreads, computeLimits(options.compute), clock)
    main.addService(COMPUTE.id, this.#compute)
    this.#pools = new Pools({
      clock,
      events: this.#events,
      messenger: main.messenger,
      hosts: () => [main.number, ...this.#hosts.slots.filter(slot => slot.isRunning).map(slot => slot.number)],
      spawn: (url, definition, spec) => this.#supervision.spawn(this.#supervision.root, { url, name: definition }, spec),
      stop: ({ id }, reason) => this.#supervision.stopActor(id, reason),
    })
    main.open()
    this.#release = [trackResource('system', name), () => void process.off('beforeExit', this.#stopAtEnd)]
    if (options.handleSignals !== false) this.#release.push(stopOnSignals({ stop: () => this.stop(), force: () => this.#force() }))
  }

  /** What happens in the system, as it happens. */
  get events(): EventStream {
    return this.#events
  }

  /** The last messages that were told and will not be handled, oldest first, with counters: `for (const letter of system.deadLetters) system.replay(letter)`. */
  get deadLetters(): DeadLetters {
    return this.#deadLetters
  }

  /**
   * Tells a dead letter's message once more: to its actor, which may have been restarted, or else to the one that has its name now. Letters that are replayed one after the other arrive in
   * that order. It is kept no longer. Its `context.sender` is nobody, and nobody is given an answer.
   *
   * In a listener of `dead-letter` it may go round for ever: look at the reason first.
   *
   * @returns What `tell` returns. @throws {ActorStoppedError} When there is no such actor. @throws {MailboxFullError} As `tell` does.
   * @throws {TypeError} When only a text of the message was kept (`isText`).
   */
  replay(letter: DeadLetter): boolean {
    const { target, method, args, isText } = letter
    if (isText === true) throw new TypeError(`Cannot replay ${method}() to actor ${formatAddress(target, target.name)}: its arguments could not be copied, and were kept as texts`)
    const { registry, main } = this.#hosts
    const data = registry.dataOf(target.id) ?? (target.name === undefined ? undefined : registry.lookup(target.name))
    if (data === undefined) throw new ActorStoppedError(formatAddress(target, target.name))
    const hasRoom = main.messenger.tell(new ActorRef(main.messenger, data), method, copyValues(args))
    this.#deadLetters.replayed(letter)
    return hasRoom
  }

  /** Starts the shared threads. */
  async start(): Promise<void> {
    const { threads = Math.max(1, availableParallelism() - 1) } = this.#options
    try {
      const shared = Array.from({ length: threads }, () => this.#hosts.add({ isPrivate: false, maxHeapMb: undefined }))
      await Promise.all([...shared, this.#spares.fill()])
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /**
   * Starts an actor and returns when its `onStart` is done.
   *
   * @param definition What `defineActor` returned.
   * @throws {ActorStartError} When its module cannot be imported or does not export it, or its constructor or `onStart` throws: `cause` says which.
   * @throws {NameTakenError} When another actor has the name. @throws {SystemStoppedError} After `stop`.
   * @throws {RangeError} When an option is out of its range. @throws {NotCloneableError} When the props cannot travel.
   */
  async spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A> = {}): Promise<ActorRef<A>> {
    expectDefinition(definition)
    return this.root.spawn(definition, options)
  }

  /**
   * Starts a supervisor of one's own and returns when its children have started, left to right. They are stopped right to left.
   *
   * When it gives up, the system restarts it, with all its children; when that happens more than once within 5 s, the system gives up as well, and stops.
   *
   * @throws {ChildStartError} When a child does not start: `cause` says why. Those before it are stopped.
   * @throws {SystemStoppedError} After `stop`. @throws {RangeError} @throws {TypeError} When a spec is none.
   * @example
   * ```ts
   * const shop = await system.supervise([child(Stock, { name: 'stock' }), child(Till)], { strategy: 'rest-for-one', maxRestarts: 3 })
   * ```
   */
  async supervise(children: readonly ChildSpec[], options: SuperviseOptions = {}): Promise<Supervisor> {
    return this.root.supervise(children, options)
  }

  /** Resolves when the system has stopped, whoever stopped it: `stop`, a signal, or its own supervisor, which gave up; `error` of the receipt says why then. */
  get stopped(): Promise<SystemReceipt> {
    return this.#stopped
  }

  /**
   * Starts a pool of actors and returns one ref to all of them, when they run and every host knows them. It is a ref as any other: for `tell`, `ask` and `stream`, to be
   * sent in messages, to be used on any host. Each message goes from the sender's host to a worker directly; who that is, `route` says.
   *
   * Workers are supervised one by one. One that is given up is replaced. With bounds for its size the pool follows the length of its mailboxes; who goes has
   * handled all that was sent to it. Messages from one sender keep their order at each worker, not across workers.
   *
   * @throws {ActorStartError} When a worker cannot be started; nothing is left then. @throws {NameTakenError} When another pool has the name.
   * @throws {SystemStoppedError} @throws {RangeError} When an option is out of its range. @throws {TypeError} When it makes no sense with the others.
   * @example
   * ```ts
   * const resizers = await system.pool(Resizer, { size: 4, route: 'least-busy' })
   * const small = await resizers.ask.resize(image, 64)
   * ```
   */
  async pool<A extends object>(definition: ActorDefinition<A>, options: PoolOptions<A>): Promise<ActorRef<A>> {
    expectDefinition(definition)
    return new ActorRef<A>(this.#hosts.main.messenger, await this.#pools.start(definition, options))
  }

  /**
   * Finds the actor that has a name, on any host. Undefined when nobody has it, or its first start is not done.
   *
   * @param definition What it must be, which gives the ref its type. @throws {TypeError} When the actor is another.
   */
  lookup<A extends object>(name: string, definition?: ActorDefinition<A>): Promise<ActorRef<A> | undefined> {
    return this.#hosts.main.directory.lookup(name, definition)
  }

  /** The actors of all hosts that go by a name together. */
  group<A extends object>(name: string): GroupRef<A> {
    return this.#hosts.main.directory.group(name)
  }

  /** A topic, to publish on it or to have it heard. */
  topic<T>(topic: Topic<T>): TopicRef<T> {
    return this.#hosts.main.directory.topic(topic)
  }

  /**
   * Resolves when an actor has ended, on whatever host, and says how: also when it is gone already. One that fails and is restarted has ended too; who wants to know of the next
   * end watches again.
   *
   * @param options The signal gives the watch up; it rejects with its reason then.
   * @throws {RangeError} For a pool, which has no end of its own.
   */
  async watch(ref: ActorRef<object>, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ActorDown> {
    expectActor(ref)
    signal?.throwIfAborted()
    return this.#supervision.watches.next(ref.address, signal)
  }

  /** Stops an actor, or all workers of a pool, for good: it handles what it has within its `shutdownMs`, then its `onStop` runs. One that has stopped already is fine. */
  async stopActor(ref: ActorRef<object>): Promise<void> {
    if (ref.address.host === POOL_HOST) await this.#pools.stop(ref.address, 'its pool was stopped')
    else await this.#supervision.stopActor(ref.address.id, 'it was stopped')
  }

  /**
   * Kills the thread that an actor lives on, now, as a crash would; its actors are restarted, each by its own spec.
   * For tests, and for a thread that spins.
   *
   * @throws {RangeError} When the actor lives on the main thread, or is a pool.
   */
  async killHost(ref: ActorRef<object>): Promise<void> {
    const { host } = ref.address
    if (host === 0) throw new RangeError(`Cannot kill the host of ${ref.toString()}: it is the main thread`)
    if (host === POOL_HOST) throw new RangeError(`Cannot kill the host of ${ref.toString()}: it is a pool, and has many`)
    await this.#hosts.slot(host)?.kill()
  }

  /**
   * Runs a short CPU-bound job on a thread of its own, and gives what it returns: a function of a module (`defineJob`), or a function that needs nothing but its
   * arguments and travels as its text. Arguments and result are copied as in messages; `transfer` moves ArrayBuffers.
   *
   * It rejects with what the job throws (name, message, code, cause and stack as they were there), with the signal's reason, or with ComputeTimeoutError,
   * ComputeQueueFullError, JobNotFoundError, JobFunctionError, ComputeThreadError, SystemStoppedError. Nothing is run twice.
   *
   * @throws {TypeError} When the job can be run nowhere else. @throws {NotCloneableError} When the arguments or the result cannot travel.
   * @example
   * ```ts
   * const sum = await system.compute((a: number, b: number) => a + b, [1, 2], { timeoutMs: 1000 })
   * ```
   * @see pool for workers that keep state.
   */
  compute<A extends readonly unknown[], R>(job: Job<A, R>, args: A, options?: ComputeOptions): Promise<Awaited<R>> {
    return this.#hosts.main.compute.run(job, args, options)
  }

  /**
   * The system as it is: its tree with what each actor is handling, since when, and for whom it waits; its hosts; its counters. Plain data.
   *
   * A host that does not answer within the deadline, because it spins or is busy, is shown as it was last known, and marked `isStale`.
   */
  async snapshot({ deadlineMs = 500 }: SnapshotOptions = {}): Promise<SystemSnapshot> {
    const { main, slots } = this.#hosts
    const ask = (host: number) => async (): Promise<HostReport> => (await main.messenger.askService({ host, id: OBSERVER }, 'report', [])) as HostReport
    const views: HostView[] = [
      { number: 0, incarnation: 1, isRunning: !main.messenger.isClosed, readBlackBox: () => readBlackBox(main.blackBox.memory), ask: ask(0) },
      ...slots.map(slot => ({ number: slot.number, incarnation: slot.incarnation, isRunning: slot.isRunning, readBlackBox: () => slot.blackBox, ask: ask(slot.number) })),
    ]
    const seen = await look(views, this.#clock, deadlineMs)
    const atMs = this.#clock.epochMs()
    return {
      atMs,
      uptimeMs: atMs - this.#startedAt,
      hosts: Array.from(seen.values(), one => hostSnapshot(one, atMs)),
      tree: treeSnapshot(this.#supervision.root.children, seen),
      pools: this.#pools.tables,
      compute: this.#compute.statistics,
      restarts: this.#supervision.restarts,
      deadLetters: this.#deadLetters.statistics.received,
      messagesLost: this.#messagesLost,
    }
  }

  /** How many spare threads are ready now. */
  get spares(): number {
    return this.#spares.size
  }

  /** Keeps the process alive while the system runs, which is the default. */
  ref(): void {
    this.#hosts.ref()
    this.#spares.ref()
  }

  /** Lets the process end when nothing else keeps it alive; the system is stopped then, before it ends. */
  unref(): void {
    this.#hosts.unref()
    this.#spares.unref()
    process.off('beforeExit', this.#stopAtEnd)
    process.once('beforeExit', this.#stopAtEnd)
  }

  /**
   * Stops everything: actors, last started first, each within its `shutdownMs`; then threads, last started first; then what is left in the main
   * thread. Calling it twice gives the same receipt. Never rejects.
   */
  stop(): Promise<SystemReceipt> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** What the system does when hosts come and go. */
  #hostsOwner(): HostsOwner {
    return {
      hostStarted: ({ number, incarnation }) => {
        this.#pools.introduce(number)
        this.#events.emit('host-started', { host: number, incarnation })
      },
      hostFailed: ({ number }, error) => this.#events.emit('host-failed', { host: number, error }),
      hostDown: (slot, down) => {
        this.#compute.hostDown(slot.number)
        this.#supervision.hostDown(slot, down)
      },
      opened: slot => this.#supervision.hostOpened(slot),
      abandoned: slot => this.#supervision.abandon(slot),
      messagesLost: (host, messages) => this.#lost(host, messages),
    }
  }

  #lost(host: number, messages: number): void {
    this.#messagesLost += messages
    this.#events.emit('messages-lost', { host, messages })
  }

  readonly #stopAtEnd = (): void => {
    // Stopping is work that the process must stay for.
    this.ref()
    void this.stop()
  }

  /** What actors on all hosts may have the main thread do. */
  #service(): SystemService {
    return {
      spawn: (url, name, options) => this.#supervision.spawn(this.#supervision.root, { url, name }, options),
      lookup: name => this.#hosts.registry.lookup(name),
      enrol: enrolment => this.#hosts.registry.enrol(enrolment),
      cancel: order => this.#ladder.cancel(order),
      watch: order => this.#supervision.watchDesk.watch(order),
      unwatch: (watcher, number) => this.#supervision.watchDesk.unwatch(watcher, number),
      stop: id => this.#supervision.stopRequested(id),
      failed: (id, error, method) => this.#supervision.failed(id, error, method),
      deadLetter: letter => this.#deadLetter(letter),
      lost: (host, messages) => this.#lost(host, messages),
    }
  }

  /** Its own supervisor has given up. */
  #fail(error: Error): void {
    this.#error = error
    this.#events.emit('system-failed', { error })
    void this.stop()
  }

  #deadLetter(received: DeadLetter): void {
    const name = this.#hosts.registry.nameOf(received.target.id)
    const letter = name === '' ? received : { ...received, target: { ...received.target, name } }
    this.#deadLetters.add(letter)
    this.#events.emit('dead-letter', letter)
  }

  async #stop(): Promise<SystemReceipt> {
    this.#supervision.closeDoors()
    this.#pools.halt()
    // What has arrived by now is taken note of first: a restart that is done, say.
    await new Promise<void>(resolve => this.#clock.soon(resolve))
    this.#events.emit('stopping', {})
    const { main, slots } = this.#hosts
    this.#hosts.closeDoors()
    const stopped = await this.#supervision.stop('the system stops')
    await this.#compute.stop({ deadlineMs: this.#options.stopMs ?? 5000 })
    for (const slot of slots.toReversed()) await this.#hosts.stop(slot, this.#options.stopMs ?? 5000)
    await this.#spares.stop(this.#options.stopMs ?? 5000)
    await main.peers.settled()
    const asks = main.messenger.asks.size
    main.close()
    // What the user's own services throw when they are let go of is an uncaught error, which does not keep the system from its end.
    await this.#container.dispose().catch((error: unknown) => void Promise.reject(toError(error)))
    for (const release of this.#release) release()
    const receipt = this.#receipt(stopped, slots, asks)
    this.#events.emit('stopped', receipt)
    this.#hasStopped(receipt)
    return receipt
  }

  #receipt(stopped: SystemReceipt['stopped'], slots: readonly HostSlot[], asks: number): SystemReceipt {
    const threads = [...this.#hosts.receipts, ...this.#spares.receipts]
    const stoppedAt = this.#clock.epochMs()
    const left = addLeftovers([{ asks }, ...threads.map(thread => thread.left ?? {})])
    const lastThreads = [...slots.flatMap(slot => slot.receipts.slice(-1)), ...this.#spares.lastReceipts]
    return {
      startedAt: this.#startedAt,
      stoppedAt,
      durationMs: stoppedAt - this.#startedAt,
      threads,
      stopped,
      actors: stopped.filter(child => child.kind === 'actor'),
      error: this.#error,
      restarts: this.#supervision.restarts,
      deadLetters: this.#deadLetters.statistics.received,
      messagesLost: this.#messagesLost,
      left,
      isClean: isCleanStop({ stopped, left, lastThreads }),
    }
  }

  async #force(): Promise<void> {
    await Promise.all([...this.#hosts.slots.map(slot => slot.kill()), this.#spares.kill()])
  }
}

function expectDefinition(definition: unknown): void {
  if (!isDefinition(definition)) throw new TypeError('Cannot start an actor: the first argument is no definition; pass what defineActor returned')
}

/**
 * Starts a system of actors and returns when its threads are ready.
 *
 * @throws {RangeError} When `threads` or `spares` is no whole number from 0 to 1024, or a time is negative or none.
 * @throws {TypeError} When `container` or `log.sink` is no URL. @throws {ContainerError} @throws {LogSinkError} When their modules cannot be used.
 * @throws {ThreadStartError} When a thread does not become ready; everything is stopped then.
 * @example
 * ```ts
 * await using system = await startSystem({ threads: 2 })
 * const counter = await system.spawn(Counter, { name: 'counter' })
 * console.log(await counter.ask.add(2))
 * ```
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  checkOptions(options)
  const { container, log = {} } = options
  const sink = log.sink === undefined ? defaultSink() : await openSink(log.sink)
  const threadContainer = new ThreadContainer()
  if (container !== undefined) await threadContainer.setUp(container.toString())
  const system = new System(options, threadContainer, threadPlatform, sink)
  // Behind what minds SIGINT, which may come at any time.
  await findOpenTelemetry()
  await system.start()
  return system
}
