import { withoutUndefined, type Clock } from '@zera/core/internal'
import type { ThreadContainer } from '../actor/container.js'
import { Guardian } from '../host/guardian.js'
import { startHeartbeat } from '../host/heartbeat.js'
import { Host } from '../host/host.js'
import { Loggers } from '../log/loggers.js'
import type { JobService, SystemService } from '../messaging/services/system-service.js'
import { GUARDIAN, COMPUTE, POOL_HOST, SYSTEM } from '../model/address.js'
import { cloneable } from '../model/cloneable-error.js'
import type { NodeFaultError } from '../model/errors.js'
import { EventSource } from '../model/events/events.js'
import { computeLimits } from '../model/jobs/compute-options.js'
import { levelOf, type LogSink } from '../model/log.js'
import { systemNamed } from '../model/refs/system-identity.js'
import { StopLimit } from '../model/time/stop-limit.js'
import type { LentPlace, LentThreads, OwnProcesses, Platform, StartHostThread } from '../platform/platform.js'
import type { Transport } from '../platform/transport.js'
import { CancelLadder } from './hosts/cancel-ladder.js'
import { Guardians } from './hosts/guardians.js'
import { Hosts, type HostsOwner } from './hosts/hosts.js'
import { SpareThreads } from './hosts/spare-threads.js'
import { stallOn } from './hosts/stall-on.js'
import { ThreadOutput } from './hosts/thread-output.js'
import { ComputeService } from './jobs/compute-service.js'
import { EventLog } from './log/event-log.js'
import { publishEvents } from './observing/event-channels.js'
import { Pools } from './pools/pools.js'
import { SpawnOrders } from './spawn-orders.js'
import { Supervision } from './supervision/supervision.js'
import { settingsOf, type SystemOptions } from './system-options.js'
import { UndeliveredMessages } from './undelivered/undelivered-messages.js'

/** Assembles all parts that a system has in the main thread. Each part does its own work; this class connects them. */
export class SystemParts {
  readonly name: string
  readonly stopMs: number
  readonly events = new EventSource()
  readonly clock: Clock
  /** That of its stop. */
  readonly limit: StopLimit
  /** Aborts when its start is given up. */
  readonly startGivenUp: AbortSignal | undefined
  readonly container: ThreadContainer
  readonly undelivered: UndeliveredMessages
  readonly spares: SpareThreads
  /** Threads that have a process to themselves. */
  readonly spareProcesses: SpareThreads
  readonly ownProcesses: OwnProcesses
  readonly transport: Transport
  /** Undefined when no node lends threads. */
  readonly lent: LentThreads | undefined
  /** What they are started with. */
  readonly places: readonly LentPlace[]
  readonly hosts: Hosts
  readonly supervision: Supervision
  readonly compute: ComputeService
  readonly pools: Pools
  readonly output = new ThreadOutput()
  readonly #ladder: CancelLadder
  readonly #spawns = new SpawnOrders()
  #nodeFaults = 0

  /**
   * @param startGivenUp Aborts when the start of the system is given up, and with it the starts of its threads.
   * @param failed Called when the system's own supervisor gives up.
   */
  constructor(
    options: SystemOptions,
    container: ThreadContainer,
    platform: Platform,
    sink: LogSink,
    startGivenUp: AbortSignal | undefined,
    failed: (error: Error) => void,
  ) {
    const { clock, random, transport, startHost, ownProcesses, createJobThreads, lent } = platform
    const {
      name = 'zera',
      startMs = 10_000,
      stopMs = 5000,
      maxDeadLetters = 1000,
      log = {},
      times = true,
      observer = false,
    } = options
    this.name = name
    this.stopMs = stopMs
    this.clock = clock
    this.limit = new StopLimit(clock)
    this.startGivenUp = startGivenUp
    this.container = container
    this.undelivered = new UndeliveredMessages(maxDeadLetters, this.events, () => this.hosts)
    const template = { name, startMs, container: options.container?.toString() }
    const logSeed = log !== false && log.sink !== undefined ? { ...log, sink: log.sink.toString() } : log
    const prepared =
      (startThread: StartHostThread): StartHostThread =>
      thread =>
        startThread({
          ...thread,
          data: { ...thread.data, log: logSeed },
          ...(startGivenUp === undefined ? {} : { signal: startGivenUp }),
        })
    const settings = settingsOf(options)
    const onThread: StartHostThread = async thread => {
      const merged = { ...settings, ...withoutUndefined(thread.settings ?? {}) }
      const started = await startHost({ ...thread, ...merged })
      this.output.take(started, merged)
      return started
    }
    const spare = { ...template, clock, random, failed: (error: Error) => this.events.emit('spare-failed', { error }) }
    this.spares = new SpareThreads({ ...spare, count: options.spares ?? 0, startThread: prepared(onThread) })
    this.spareProcesses = new SpareThreads({
      ...spare,
      name: `${name}/process`,
      count: options.spareProcesses ?? 0,
      startThread: prepared(ownProcesses.startThread),
    })
    this.ownProcesses = ownProcesses
    this.transport = transport
    this.lent = lent
    for (const elsewhere of [ownProcesses, lent]) elsewhere?.onFault(error => this.#nodeFailed(error))
    this.places = (lent?.places ?? []).map(place => ({ ...place, startThread: prepared(place.startThread) }))
    this.hosts = new Hosts({
      owner: this.#hostsOwner(),
      template: { ...template, isTimed: times, isObserved: observer !== false },
      sources: { threads: this.spares, processes: this.spareProcesses },
      transport,
      random,
      createMain: (requestLink, reportFault) => {
        const loggers = new Loggers(0, clock, sink, levelOf(log))
        return new Host({
          number: 0,
          identity: platform.identity ?? systemNamed(name),
          clock,
          random,
          transport,
          requestLink,
          reportFault,
          loggers,
          times: times ? undefined : 'off',
          createInjector: context => container.createInjector(context),
        })
      },
    })
    const { main } = this.hosts
    this.#ladder = new CancelLadder(this.hosts, new Guardians(this.hosts, clock, this.limit), clock)
    this.supervision = new Supervision(this.hosts, this.events, { clock, random, limit: this.limit }, failed)
    const eventLog = new EventLog(main.loggers, clock, id => this.supervision.has(id))
    this.events.onAny(event => eventLog.note(event))
    publishEvents(name, this.events)
    this.compute = new ComputeService(
      threads => createJobThreads(threads, error => this.events.emit('job-failed', { error }), settings),
      computeLimits(options.compute),
      clock,
    )
    this.pools = new Pools({
      clock,
      random,
      events: this.events,
      messenger: main.messenger,
      hosts: () => [main.number, ...this.hosts.slots.filter(slot => slot.isRunning).map(slot => slot.number)],
      spawn: async (url, definition, spec, worker, givenUp) =>
        this.supervision.spawn(this.supervision.root, { url, name: definition }, spec, givenUp, worker),
      stop: ({ id }, reason) => this.supervision.stopActor(id, reason),
    })
    main.addService(GUARDIAN, new Guardian(main))
    main.addService(SYSTEM.id, this.#service())
    main.addService(COMPUTE.id, {
      run: (key, source, args, jobOptions) => this.compute.run(key, source, args, jobOptions),
      abort: key => this.compute.abort(key),
    } satisfies JobService)
    main.open()
    if (observer !== false) startHeartbeat(main)
  }

  /** How many sessions with nodes, or with processes of actors, ended because of what the other side had sent. */
  get nodeFaults(): number {
    return this.#nodeFaults
  }

  #nodeFailed(error: NodeFaultError): void {
    this.#nodeFaults += 1
    this.events.emit('node-failed', { node: error.node, error })
  }

  /** What is done when hosts come and go. */
  #hostsOwner(): HostsOwner {
    return {
      hostStarted: ({ number, incarnation }) => {
        this.pools.introduce(number)
        this.events.emit('host-started', { host: number, incarnation })
      },
      hostDelayed: ({ number, streak }, waitMs) =>
        this.events.emit('host-delayed', { host: number, deaths: streak.restarts, waitMs }),
      hostFailed: ({ number }, error) => this.events.emit('host-failed', { host: number, error }),
      hostDown: (slot, down) => {
        this.compute.hostDown(slot.number)
        this.supervision.hostDown(slot, down)
      },
      opened: slot => this.supervision.hostOpened(slot),
      abandoned: slot => this.supervision.abandon(slot),
      messagesLost: (host, messages) => this.undelivered.lost(host, messages),
    }
  }

  /** What actors on all hosts may ask of the main thread. */
  #service(): SystemService {
    return {
      spawn: order => this.#spawns.run(order, givenUp => this.supervision.spawnChild(order, givenUp)),
      giveUpSpawn: (by, number) => this.#spawns.giveUp(by, number),
      stopSpawned: id => void this.supervision.stopActor(id, 'its spawn was given up'),
      stopChild: (by, target) => this.supervision.stopChild(by, target),
      endChildren: (of, reason, limitMs) => this.supervision.endChildren(of, reason, limitMs),
      lookup: name => this.hosts.registry.lookup(name),
      obituaryOf: ({ host, id }) => {
        const obituary = (host === POOL_HOST ? this.pools : this.hosts.registry).obituaries.get(id)
        return obituary?.error === undefined ? obituary : { ...obituary, error: cloneable(obituary.error) }
      },
      stallOn: host => stallOn(host, this.hosts, this.clock),
      enrol: enrolment => this.hosts.registry.enrol(enrolment),
      cancel: order => this.#ladder.cancel(order),
      watch: order => this.supervision.watches.watch(order),
      unwatch: (watcher, number) => this.supervision.watches.unwatch(watcher, number),
      stop: (id, isStarting) => this.supervision.stopRequested(id, isStarting),
      failed: (id, error, method) => this.supervision.failed(id, error, method),
      deadLetter: letter => this.undelivered.deadLetter(letter),
      lost: (host, messages) => {
        this.hosts.countedAlready(host, messages)
        this.undelivered.lost(host, messages)
      },
      settled: (host, link, lost) => {
        // Only now: if the host that found out had died with its report on the way, the account would still have them.
        this.hosts.links.settled(link, lost)
        if (lost > 0) this.undelivered.lost(host, lost)
      },
    }
  }
}
