import { guardHeap, MalformedMessageError, throwUncaught, trackSource } from '@zera/core/internal'
import { BlackBox } from '../actor/black-box/black-box.js'
import { Cell, type CellHost } from '../actor/cell.js'
import type { ActorInjector } from '../actor/container.js'
import { Scheduler } from '../actor/scheduler.js'
import { defaultSink } from '../log/default-sink.js'
import { Loggers } from '../log/loggers.js'
import type { ConnectionHost } from '../messaging/connection-host.js'
import type { Envelope } from '../messaging/envelope.js'
import { Messenger, type MessengerHost } from '../messaging/messenger.js'
import { Peers } from '../messaging/peers.js'
import { Recipients } from '../messaging/recipients.js'
import { ServiceCell, type Recipient } from '../messaging/services/service-cell.js'
import { serviceAt } from '../messaging/services/service-client.js'
import { SystemClient } from '../messaging/services/system-client.js'
import type { Enrolment, SystemService } from '../messaging/services/system-service.js'
import type { ActorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { type Address, ROSTER, POOL_TABLES, OBSERVER, SYSTEM } from '../model/address.js'
import { expectDefinition } from '../model/definition.js'
import type { LinkRefusal } from '../model/errors.js'
import type { DeadLetter, DeadLetterReason } from '../model/events/dead-letter.js'
import { ActorRef, type RefData } from '../model/refs/ref.js'
import type { SpawnOptions } from '../model/supervision/child-spec.js'
import type { Clock } from '../model/time/clock.js'
import { systemRandom, type Random } from '../model/time/random.js'
import type { Transport } from '../platform/transport.js'
import { ComputeClient } from './compute-client.js'
import type { DirectoryHost } from './directory/directory-host.js'
import { Directory } from './directory/directory.js'
import { Publications, type PublicationsHost } from './directory/publications.js'
import { RosterService } from './directory/roster-service.js'
import { Roster } from './directory/roster.js'
import { HostObserver } from './host-observer.js'
import { PoolMember } from './pools/pool-member.js'
import { PoolSender } from './pools/pool-sender.js'
import { Watching } from './watching.js'

/** What a host is made of. */
export interface HostOptions {
  readonly number: number
  readonly clock: Clock
  readonly transport: Transport
  /** Asks the main thread for an introduction to another host. */
  readonly requestLink: (peer: number) => void
  /** Tells the main thread that the link to another host cannot be opened here. Default: that is an error of the thread. */
  readonly severLink?: ((peer: number, link: number, refusal: LinkRefusal) => void) | undefined
  /**
   * Tells the main thread that a host in another process has sent what no host sends. Default: that is an error of the
   * thread.
   */
  readonly reportFault?: ((peer: number, link: number, problem: string) => void) | undefined
  readonly createInjector: (context: ActorContext) => ActorInjector
  /** Default: the machine's. */
  readonly random?: Random
  /** Default: to the standard output. */
  readonly loggers?: Loggers
  /** Whether its actors may begin another message. Default: they may. */
  readonly mayRun?: (() => boolean) | undefined
  /** Memory for its black box. Default: of its own. */
  readonly blackBox?: SharedArrayBuffer
}

/** What hosts actors in one thread: their cells, what they send, and the connections to the other hosts. */
export class Host implements CellHost, ConnectionHost, MessengerHost, DirectoryHost, PublicationsHost {
  readonly number: number
  readonly clock: Clock
  readonly blackBox: BlackBox
  readonly loggers: Loggers
  readonly messenger: Messenger
  readonly compute: ComputeClient
  readonly scheduler: Scheduler
  readonly peers: Peers
  readonly roster = new Roster()
  readonly publications: Publications
  readonly directory: Directory
  readonly watching: Watching
  readonly createInjector: (context: ActorContext) => ActorInjector
  readonly #transport: Transport
  readonly #reportFault: HostOptions['reportFault']
  readonly #system: SystemClient
  readonly #recipients = new Recipients(envelope => this.#refuseStopped(envelope))
  readonly #untrack: () => void
  /** Ends of actors that nobody waits for any more. */
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
    mayRun,
    blackBox,
    loggers = new Loggers(number, clock, defaultSink()),
  }: HostOptions) {
    this.number = number
    this.clock = clock
    this.createInjector = createInjector
    this.#transport = transport
    this.#reportFault = reportFault
    this.loggers = loggers
    this.blackBox = new BlackBox(clock, blackBox)
    const looked = (now: number): void => {
      this.blackBox.look(now)
      guardHeap(now)
    }
    this.scheduler = new Scheduler(clock, looked, mayRun)
    this.peers = new Peers(this, transport, requestLink, severLink, (peer, link, lost) =>
      this.#system.settled(peer, link, lost),
    )
    this.messenger = new Messenger(this)
    this.#system = new SystemClient(number, {
      tell: this.messenger.system.tell,
      record: serviceAt<SystemService>(this.messenger, SYSTEM, 'in-turn').tell,
      ready: () => this.messenger.ready(SYSTEM),
      hold: messages => this.hold(messages),
    })
    const pools = new PoolSender(this.messenger, random)
    this.messenger.pools = pools
    this.watching = new Watching(number, this.#system)
    this.compute = new ComputeClient(number, this.messenger, clock)
    this.publications = new Publications(this)
    this.directory = new Directory(this)
    this.addService(ROSTER, new RosterService(this.roster))
    this.addService(POOL_TABLES, new PoolMember(this, pools))
    this.addService(OBSERVER, new HostObserver(this))
    this.#untrack = trackSource(() =>
      [...this.messenger.asks.describe()].map(name => ({ kind: 'ask', name, stack: `on host ${number}` })),
    )
  }

  // Who lives here.

  /** Puts a plain object of the system at an id. */
  addService(id: number, service: object): void {
    this.#recipients.add(id, new ServiceCell(service, envelope => this.deadLetter(envelope, 'unknown-method')))
  }

  /** Makes the cell of an actor; it takes messages from now on and handles them when it is started. */
  addCell(data: RefData, definition: ActorDefinition<object>, props: unknown): Cell {
    const cell = new Cell(
      this,
      data.id,
      definition,
      new ActorRef(this.messenger, { ...data, cancel: definition.cancel }),
      props,
    )
    this.#recipients.add(data.id, cell)
    return cell
  }

  cell(id: number): Cell | undefined {
    const recipient = this.#recipients.get(id)
    return recipient instanceof Cell ? recipient : undefined
  }

  /** The actors that live here. */
  get cells(): Cell[] {
    return Array.from(this.#recipients.all()).filter(recipient => recipient instanceof Cell)
  }

  recipient(id: number): Recipient | undefined {
    return this.#recipients.get(id)
  }

  remove(id: number): void {
    this.#recipients.remove(id)
  }

  hold(messages: number): void {
    this.#transport.hold(messages)
  }

  /** Ends the time in which messages are kept for actors that are not here yet, but for those that are to be started. */
  open(expected: Iterable<number> = []): void {
    this.#recipients.open(expected)
  }

  /** Closes all connections. Asks that wait reject. */
  close(): void {
    this.messenger.close()
    this.peers.close()
    this.#system.close()
    this.#untrack()
  }

  /**
   * An actor was left alone in its end: what it has opened is closed before this host leaves.
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
      // What has arrived meanwhile may have been answered.
    } while (!this.peers.isFlushed)
    this.close()
  }

  /**
   * Lets nothing run here any more, tells nobody and settles nothing, as when a thread dies: for hosts that share a
   * thread. What its actors have opened is being closed then.
   */
  abandon(): void {
    this.scheduler.stop()
    this.#untrack()
    for (const cell of this.cells) cell.abandon()
  }

  // What arrives.

  receive(envelope: Envelope): void {
    this.#recipients.deliver(envelope)
  }

  withdraw(envelope: Envelope): void {
    if (!this.#recipients.withdraw(envelope)) return
    this.deadLetter(envelope, 'withdrawn')
    envelope.origin.finish(envelope)
  }

  faulted(peer: number, link: number, problem: string): void {
    if (this.#reportFault === undefined) throwUncaught(new MalformedMessageError(problem))
    else this.#reportFault(peer, link, problem)
  }

  // What cells need.

  refTo(address: Address): ActorRef<object> {
    return new ActorRef(this.messenger, { ...address, name: '', url: '', definition: '' })
  }

  async spawn<A extends object>(
    definition: ActorDefinition<A>,
    options: SpawnOptions<A>,
    by: number,
  ): Promise<ActorRef<A>> {
    expectDefinition(definition)
    const data = await this.messenger.system.spawn(definition.url, definition.name, options, by)
    return new ActorRef(this.messenger, data)
  }

  async enrol(enrolment: Enrolment): Promise<void> {
    await this.messenger.system.enrol(enrolment)
  }

  failed(cell: Cell, error: Error, method: string): void {
    this.#system.failed(cell.id, error, method)
  }

  stopRequested(cell: Cell): void {
    this.#system.stop(cell.id, cell.state === 'starting')
  }

  deadLetter(envelope: Envelope, reason: DeadLetterReason, error?: Error): void {
    const { to, from, method, args } = envelope
    this.recordDeadLetter({
      target: { host: this.number, id: to },
      sender: from?.id,
      method,
      args,
      reason,
      progress: undefined,
      error,
    })
  }

  recordDeadLetter(letter: DeadLetter): void {
    this.#system.deadLetter(letter)
  }

  #refuseStopped(envelope: Envelope): void {
    if (envelope.kind === 'tell') this.deadLetter(envelope, 'actor-stopped')
    else envelope.origin.refuse(envelope, { kind: 'stopped' })
    envelope.origin.finish(envelope)
  }
}
