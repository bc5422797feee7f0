import { guardHeap, MalformedMessageError, throwUncaught, trackSource, type Clock } from '@zera/core/internal'
import { BlackBox } from '../actor/black-box/black-box.js'
import { Cell, type CellHost } from '../actor/cell.js'
import type { ActorInjector } from '../actor/container.js'
import { Keeper } from '../actor/durable/keeper.js'
import { KeptOutbox } from '../actor/durable/kept-outbox.js'
import { Scheduler } from '../actor/scheduler.js'
import { defaultSink } from '../log/default-sink.js'
import { Loggers } from '../log/loggers.js'
import { Messenger } from '../messaging/messenger.js'
import { Peers } from '../messaging/peers.js'
import { Recipients } from '../messaging/recipients.js'
import { ServiceCell } from '../messaging/services/service-cell.js'
import { serviceAt } from '../messaging/services/service-client.js'
import { SystemClient } from '../messaging/services/system-client.js'
import type { SystemService } from '../messaging/services/system-service.js'
import { HostTimes } from '../messaging/times/host-times.js'
import { TraceLog } from '../messaging/tracing/trace-log.js'
import type { ActorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { ROSTER, POOL_TABLES, OBSERVER, SYSTEM } from '../model/address.js'
import type { LinkRefusal } from '../model/errors.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import { type RefData } from '../model/refs/ref.js'
import { SYSTEM_OF_THREAD, type SystemIdentity } from '../model/refs/system-identity.js'
import { systemRandom, type Random } from '../model/time/random.js'
import type { TimesMemory } from '../platform/host-seed.js'
import type { Transport } from '../platform/transport.js'
import { ComputeClient } from './compute-client.js'
import { Directory } from './directory/directory.js'
import { Publications } from './directory/publications.js'
import { RosterService } from './directory/roster-service.js'
import { Roster } from './directory/roster.js'
import { HostObserver } from './host-observer.js'
import { PoolMember } from './pools/pool-member.js'
import { PoolSender } from './pools/pool-sender.js'
import { Watching } from './watching.js'

/** The parts of a host. */
export interface HostOptions {
  readonly number: number
  readonly clock: Clock
  readonly transport: Transport
  /** Asks the main thread for an introduction to another host. */
  readonly requestLink: (peer: number) => void
  /** Tells the main thread that the link to another host cannot be opened here. Default: that is an error of the thread. */
  readonly severLink?: ((peer: number, link: number, refusal: LinkRefusal) => void) | undefined
  /**
   * Tells the main thread that a host in another process has sent something that no host sends. Default: that is an
   * error of the thread.
   */
  readonly reportFault?: ((peer: number, link: number, problem: string) => void) | undefined
  readonly createInjector: (context: ActorContext) => ActorInjector
  /** Default: the machine's. */
  readonly random?: Random
  /** Default: to the standard output. */
  readonly loggers?: Loggers
  /** Its system. Default: the one that this thread belongs to. */
  readonly identity?: SystemIdentity
  /** Whether its actors may begin another message. Default: they may. */
  readonly mayRun?: (() => boolean) | undefined
  /** Memory for its black box. Default: of its own. */
  readonly blackBox?: SharedArrayBuffer
  /** Memory for the times of its messages. Default: of its own. */
  readonly times?: TimesMemory | undefined
}

/** Hosts actors in one thread: their cells, their messages, and the connections to the other hosts. */
export class Host {
  readonly number: number
  readonly clock: Clock
  readonly blackBox: BlackBox
  /** Undefined when nothing is measured. */
  readonly times: HostTimes | undefined
  readonly traces: TraceLog
  readonly loggers: Loggers
  readonly messenger: Messenger
  readonly compute: ComputeClient
  readonly scheduler: Scheduler
  readonly peers: Peers
  readonly roster = new Roster()
  readonly directory: Directory
  readonly watching: Watching
  readonly outbox: KeptOutbox
  readonly #system: SystemClient
  readonly #recipients: Recipients
  readonly #cells = new Map<number, Cell>()
  readonly #services = new Map<number, object>()
  readonly #cellHost: CellHost
  readonly #untrack: () => void
  /** Ends of actors that their supervisors no longer wait for. */
  readonly #lateEnds = new Set<Promise<unknown>>()

  constructor({
    number,
    clock,
    transport,
    requestLink,
    severLink,
    reportFault,
    createInjector,
    random = systemRandom,
    identity = SYSTEM_OF_THREAD,
    mayRun,
    blackBox,
    times,
    loggers = new Loggers(number, clock, defaultSink()),
  }: HostOptions) {
    this.number = number
    this.clock = clock
    this.loggers = loggers
    this.blackBox = new BlackBox(clock, blackBox)
    this.times = times === 'off' ? undefined : new HostTimes(clock, times)
    this.traces = new TraceLog(number, clock)
    const looked = (now: number): void => {
      this.blackBox.look(now)
      guardHeap(now)
    }
    this.scheduler = new Scheduler(clock, looked, mayRun)
    const recipients = new Recipients((envelope, reason) => system.undelivered(envelope, reason))
    this.#recipients = recipients
    // The parts that join a connection to this host are made further down, and there is no connection before.
    this.peers = new Peers(
      () => ({ messenger, publications, recipients, system, faulted: reportFault ?? throwFault }),
      transport,
      requestLink,
      severLink,
      (peer, link, lost) => messenger.system.tell.settled(peer, link, lost),
    )
    const messenger = new Messenger({
      number,
      identity,
      clock,
      peers: this.peers,
      recipients,
      transport,
      deadLetter: letter => system.deadLetter(letter),
      times: this.times,
    })
    this.messenger = messenger
    const system = new SystemClient(number, {
      tell: messenger.system.tell,
      record: serviceAt<SystemService>(messenger, SYSTEM, 'in-turn').tell,
      ready: () => messenger.untilRoom(SYSTEM),
      hold: messages => transport.hold(messages),
    })
    this.#system = system
    const pools = new PoolSender(messenger, random)
    messenger.pools = pools
    this.watching = new Watching(number, messenger.system.tell)
    this.compute = new ComputeClient(number, messenger, clock)
    const { roster, peers } = this
    const publications = new Publications({ messenger, peers, roster, recipients, system })
    this.directory = new Directory(messenger, roster, publications)
    const { scheduler, compute, directory, watching } = this
    const keeper = new Keeper({
      clock,
      directory,
      log: loggers.create(undefined),
      isClosed: () => messenger.isClosed,
    })
    this.outbox = new KeptOutbox(keeper, messenger)
    messenger.outbox = this.outbox
    this.#cellHost = {
      scheduler,
      clock,
      compute,
      blackBox: this.blackBox,
      times: this.times,
      keeper,
      outbox: this.outbox,
      traces: this.traces,
      loggers,
      directory,
      watching,
      messenger,
      system,
      createInjector,
    }
    this.addService(ROSTER, new RosterService(roster))
    this.addService(POOL_TABLES, new PoolMember(this, pools))
    this.addService(OBSERVER, new HostObserver(this))
    this.#untrack = trackSource(() =>
      [...messenger.asks.describe()].map(name => ({ kind: 'ask', name, stack: `on host ${number}` })),
    )
  }

  // The actors and services here.

  /** Puts a plain object of the system at an id. */
  addService(id: number, service: object): void {
    this.#services.set(id, service)
    this.#recipients.add(id, new ServiceCell(service, envelope => this.#system.undelivered(envelope, 'unknown-method')))
  }

  /** A service of this host, for code of its own thread, which need not send messages to it. */
  service(id: number): object | undefined {
    return this.#services.get(id)
  }

  /** Makes the cell of an actor. It takes messages from now on, and handles them once it is started. */
  addCell(data: RefData, definition: ActorDefinition<object>, props: unknown): Cell {
    const self = new BoundRef(this.messenger, {
      ...data,
      cancel: definition.cancel,
      keepsMail: definition.durable?.mailbox === true ? true : undefined,
    })
    const cell = new Cell({ host: this.#cellHost, id: data.id, definition, self, props })
    this.#cells.set(data.id, cell)
    this.#recipients.add(data.id, cell.loop)
    return cell
  }

  cell(id: number): Cell | undefined {
    return this.#cells.get(id)
  }

  /** The actors that live here. */
  get cells(): Cell[] {
    return [...this.#cells.values()]
  }

  remove(id: number): void {
    this.#cells.delete(id)
    this.#recipients.remove(id)
  }

  /** Stops keeping messages for actors that are not here yet, except for those that are to be started. */
  open(expected: Iterable<number> = []): void {
    this.#recipients.open(expected)
  }

  /** Closes all connections. Asks that wait reject. */
  close(): void {
    for (const { ref, method, args } of this.outbox.takeAll()) this.messenger.undelivered(ref, method, args)
    this.messenger.close()
    this.peers.close()
    this.#system.close()
    this.#untrack()
  }

  /**
   * An actor was left alone while ending: this host leaves only after what that actor opened is closed.
   *
   * @param end Never rejects.
   */
  endsLate(end: Promise<unknown>): void {
    this.#lateEnds.add(end)
    void end.then(() => this.#lateEnds.delete(end))
  }

  /** Closes as soon as nothing waits to be sent. */
  async leave(): Promise<void> {
    await Promise.all(this.#lateEnds)
    do {
      await this.peers.settled()
      await this.peers.flushed()
      // Messages that arrived meanwhile may have been answered.
    } while (!this.peers.isFlushed)
    this.close()
  }

  /**
   * Stops everything here, without reporting or settling anything, as when a thread dies. For hosts that share a
   * thread. It starts to close what its actors have opened.
   */
  abandon(): void {
    this.scheduler.stop()
    this.#untrack()
    for (const cell of this.cells) cell.abandon()
  }
}

function throwFault(_peer: number, _link: number, problem: string): void {
  throwUncaught(new MalformedMessageError(problem))
}
