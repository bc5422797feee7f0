import type { Readable } from 'node:stream'
import { NUMBER, expectOptions, optionNames, waitFor, showAs } from '@zera/core/internal'
import type { ThreadContainer } from '../actor/container.js'
import { defaultSink } from '../log/default-sink.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { formatActor, POOL_HOST } from '../model/address.js'
import { expectDefinition } from '../model/definition.js'
import { STORE_NAME, type Store } from '../model/durability/store.js'
import { ObserverError } from '../model/errors.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { EventStream } from '../model/events/events.js'
import type { SnapshotOptions, SystemSnapshot } from '../model/events/snapshot.js'
import type { SystemReceipt } from '../model/events/system-receipt.js'
import type { Job, JobInput } from '../model/jobs/job.js'
import type { Logger, LogSink } from '../model/log.js'
import type { Observer } from '../model/observing/observer-options.js'
import { expectPoolOptions, type PoolOptions } from '../model/pools/pool-options.js'
import type { WaitOptions } from '../model/protocol.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import { expectActor } from '../model/refs/expect-actor.js'
import type { GroupRef } from '../model/refs/group.js'
import { ownRef } from '../model/refs/own-ref.js'
import type { RefData, ActorRef } from '../model/refs/ref.js'
import type { Topic, TopicRef } from '../model/refs/topic.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import type { ChildSpec, SpawnOptions, StartOptions } from '../model/supervision/child-spec.js'
import { timesSince, type MethodTimes, type TimesOptions } from '../model/times/method-times.js'
import type { Platform } from '../platform/platform.js'
import { systemSnapshot } from './snapshot/system-snapshot.js'
import { systemTimes } from './snapshot/system-times.js'
import { LoopSupervisor } from './supervision/loop-supervisor.js'
import type { Supervisor, SuperviseOptions } from './supervision/supervisor.js'
import { SystemLife } from './system-life.js'
import type { SystemOptions } from './system-options.js'
import { SystemParts } from './system-parts.js'
import type { System, SystemStopOptions } from './system.js'
import type { DeadLetters } from './undelivered/dead-letters.js'

const SNAPSHOT_OPTIONS = optionNames<SnapshotOptions>({ timeoutMs: NUMBER })
const TIMES_OPTIONS = optionNames<TimesOptions>({ timeoutMs: NUMBER, since: true })
const STOP_OPTIONS = optionNames<SystemStopOptions>({ timeoutMs: NUMBER })

/** A system, with what it is made of. */
export class RunningSystem implements System {
  readonly #parts: SystemParts
  readonly #life: SystemLife
  readonly #store: Store | undefined
  readonly log: Logger
  readonly root: Supervisor

  static {
    showAs(this.prototype, system => ({ title: `System(${system.#parts.name})`, parts: system.#summary }))
  }

  /** @param givenUp Aborts when its start is given up; never later. */
  constructor(
    options: SystemOptions,
    container: ThreadContainer,
    platform: Platform,
    sink: LogSink = defaultSink(),
    givenUp?: AbortSignal,
  ) {
    this.#parts = new SystemParts(options, container, platform, sink, givenUp, error => this.#life.fail(error))
    this.#life = new SystemLife(this.#parts, options)
    this.#store = options.store
    const { hosts, supervision } = this.#parts
    this.log = hosts.main.loggers.create(undefined)
    this.root = new LoopSupervisor(platform.clock, supervision, supervision.root, hosts.main.messenger)
  }

  get stdout(): Readable {
    return this.#parts.output.stdout
  }

  get stderr(): Readable {
    return this.#parts.output.stderr
  }

  get events(): EventStream {
    return this.#parts.events
  }

  get deadLetters(): DeadLetters {
    return this.#parts.undelivered.deadLetters
  }

  replay(letter: DeadLetter): boolean {
    return this.#parts.undelivered.replay(letter)
  }

  /** Starts the threads, and then the store. `startSystem` has done that. */
  async start(): Promise<void> {
    await this.#life.start()
    if (this.#store === undefined) return
    const { definition, props } = this.#store
    const store: ChildSpec = {
      start: definition,
      name: STORE_NAME,
      props,
      placement: 'own-thread',
      restart: 'permanent',
    }
    // What is declared first is stopped last, so that all others can keep what they have until their end. However often
    // it fails, it is started again, and the others wait.
    await this.root.add({ id: STORE_NAME, start: { children: [store], maxRestarts: Infinity } })
  }

  /** Says once when the program has ended and left it running; see `ForgottenStop`. */
  watchForForgottenStop(place: string): void {
    this.#life.watchForForgottenStop(place)
  }

  spawn<A extends object>(
    definition: ActorDefinition<A>,
    ...options: StartOptions<A, SpawnOptions<A> & WaitOptions>
  ): Promise<ActorRef<A>> {
    return this.root.spawn(definition, ...options)
  }

  async supervise(children: readonly ChildSpec[], options: SuperviseOptions & WaitOptions = {}): Promise<Supervisor> {
    return this.root.supervise(children, options)
  }

  get stopped(): Promise<SystemReceipt> {
    return this.#life.stopped
  }

  async startPool<A extends object>(
    definition: ActorDefinition<A>,
    given: PoolOptions<A> & WaitOptions = {},
  ): Promise<ActorRef<A>> {
    expectDefinition('start a pool', definition)
    expectPoolOptions(given)
    const { clock, hosts, pools } = this.#parts
    const { signal, timeoutMs, size = this.#sharedThreads, ...others } = given
    const options = { ...others, size }
    const action = `start pool ${formatActor({ name: options.name, definition: definition.name })}`
    const late = (pool: RefData): Promise<void> => pools.stop(pool, 'its start was given up')
    const data = await waitFor(clock, { action, leaves: 'nothing', late }, { signal, timeoutMs }, givenUp =>
      pools.start(definition, options, givenUp),
    )
    return new BoundRef<A>(hosts.main.messenger, data)
  }

  lookup<A extends object>(
    name: string,
    definition?: ActorDefinition<A>,
    options?: WaitOptions,
  ): Promise<ActorRef<A> | undefined> {
    return this.#parts.hosts.main.directory.lookup(name, definition, options)
  }

  group<A extends object>(name: string): GroupRef<A> {
    return this.#parts.hosts.main.directory.group(name)
  }

  topic<T>(topic: Topic<T>): TopicRef<T> {
    return this.#parts.hosts.main.directory.topic(topic)
  }

  async watch(ref: ActorRef<object>, options: WaitOptions = {}): Promise<ActorDown> {
    const { clock, hosts, supervision } = this.#parts
    const target = ownRef('watch', ref, hosts.main.messenger)
    expectActor(ref)
    return waitFor(clock, { action: `see the end of ${ref.toString()}`, leaves: 'nothing' }, options, givenUp =>
      supervision.watches.next(target, givenUp),
    )
  }

  async killHost(ref: ActorRef<object>, options: WaitOptions = {}): Promise<void> {
    const { clock, hosts } = this.#parts
    const { host } = ownRef('kill the host of', ref, hosts.main.messenger)
    if (host === 0) throw new RangeError(`Cannot kill the host of ${ref.toString()}: it is the main thread`)
    if (host === POOL_HOST)
      throw new RangeError(`Cannot kill the host of ${ref.toString()}: it is a pool, and has many`)
    await waitFor(clock, { action: `kill the host of ${ref.toString()}`, leaves: 'work' }, options, async () => {
      await hosts.slot(host)?.kill()
    })
  }

  compute<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>> {
    return this.#parts.hosts.main.compute.run(job, ...input)
  }

  async snapshot(options: SnapshotOptions = {}): Promise<SystemSnapshot> {
    expectOptions('take a snapshot', options, SNAPSHOT_OPTIONS)
    const { timeoutMs = 500 } = options
    return systemSnapshot(this.#parts, this.#life.startedAtMs, timeoutMs)
  }

  async times(options: TimesOptions = {}): Promise<readonly MethodTimes[]> {
    expectOptions('read times', options, TIMES_OPTIONS)
    const { timeoutMs = 500, since } = options
    const times = await systemTimes(this.#parts, timeoutMs)
    return since === undefined ? times : timesSince(times, since)
  }

  async observe(): Promise<Observer> {
    const { observer } = this.#life
    if (observer === undefined)
      throw new ObserverError('the system was started without it; pass observer: true to startSystem')
    return observer
  }

  get spares(): number {
    return this.#parts.spares.size
  }

  get spareProcesses(): number {
    return this.#parts.spareProcesses.size
  }

  ref(): void {
    this.#life.ref()
  }

  unref(): void {
    this.#life.unref()
  }

  stop(options?: SystemStopOptions): Promise<SystemReceipt>
  stop(ref: ActorRef<object>, options?: WaitOptions): Promise<void>
  stop(...args: [target?: SystemStopOptions | ActorRef<object>, options?: WaitOptions]): Promise<SystemReceipt | void> {
    const [target, options] = args
    if (target === undefined) {
      if (args.length > 0)
        throw new TypeError('Cannot stop undefined: it is no ref; pass a ref, or nothing to stop the system')
      return this.#life.stop()
    }
    // A ref may be of another copy of this package.
    if (typeof target === 'object' && target !== null && 'address' in target) return this.#stopRef(target, options)
    expectOptions('stop the system', target, STOP_OPTIONS)
    return this.#life.stop(target.timeoutMs)
  }

  /** What is shown of it. */
  get #summary(): object {
    const { hosts, pools, supervision } = this.#parts
    return {
      state: this.#life.state,
      threads: hosts.slots.filter(slot => slot.isRunning).length,
      actors: supervision.actorCount,
      pools: pools.tables.length,
      deadLetters: this.deadLetters.statistics.received,
    }
  }

  /** How many threads `shared` actors have, the main thread included when they live there. */
  get #sharedThreads(): number {
    const { slots } = this.#parts.hosts
    return Math.max(1, slots.filter(({ options }) => !options.isPrivate && options.node === undefined).length)
  }

  #stopRef(ref: ActorRef<object>, options: WaitOptions = {}): Promise<void> {
    const { clock, hosts, pools, supervision } = this.#parts
    const target = ownRef('stop', ref, hosts.main.messenger)
    return waitFor(clock, { action: `stop ${ref.toString()}`, leaves: 'work' }, options, () =>
      target.host === POOL_HOST
        ? pools.stop(target, 'system.stop stopped the pool')
        : supervision.stopActor(target.id, 'system.stop stopped it'),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
