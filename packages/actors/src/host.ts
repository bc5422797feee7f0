import { LINK_LIMITS, trackSource } from '@zera/core'
import { GUARDIAN, type Address } from './address.js'
import { Cell, type CellHost } from './cell.js'
import type { Clock } from './clock.js'
import type { Connection, ConnectionHost } from './connection.js'
import type { ActorInjector } from './container.js'
import { currentActor, type ActorContext } from './context.js'
import type { DeadLetter, DeadLetterReason } from './dead-letter.js'
import type { ActorDefinition } from './definition.js'
import type { Envelope } from './envelope.js'
import { MailboxFullError, SystemStoppedError } from './errors.js'
import { LocalOrigin } from './local-origin.js'
import { Peers } from './peers.js'
import { PendingAsks, type ItemReceiver, type Question } from './pending-asks.js'
import type { AskOptions } from './protocol.js'
import { Recipients } from './recipients.js'
import { ActorRef, type RefData, type RefHost } from './ref.js'
import { Scheduler } from './scheduler.js'
import { ServiceCell } from './service-cell.js'
import { readStream } from './stream-reader.js'
import type { SpawnOptions } from './supervision/child-spec.js'
import { SystemLine } from './system-line.js'
import { SYSTEM, type SystemService } from './system-service.js'
import type { Transport } from './transport.js'
import * as wire from './wire.js'

/** What a host is made of. */
export interface HostOptions {
  readonly number: number
  readonly clock: Clock
  readonly transport: Transport
  /** Asks the main thread for an introduction to another host. */
  readonly requestLink: (peer: number) => void
  readonly createInjector: (context: ActorContext) => ActorInjector
}

/**
 * What hosts actors in one thread: their cells, the connections to the other hosts, and the asks that wait.
 *
 * A message to an actor of the same host goes straight into its mailbox; one to another host leaves on the connection to it.
 */
export class Host implements CellHost, ConnectionHost, RefHost {
  readonly number: number
  readonly clock: Clock
  readonly asks: PendingAsks
  readonly scheduler: Scheduler
  readonly peers: Peers
  readonly createInjector: (context: ActorContext) => ActorInjector
  readonly #local: LocalOrigin
  readonly #system: SystemLine
  readonly #recipients = new Recipients(envelope => this.#refuseStopped(envelope))
  readonly #untrack: () => void
  #isClosed = false

  constructor({ number, clock, transport, requestLink, createInjector }: HostOptions) {
    this.number = number
    this.clock = clock
    this.createInjector = createInjector
    this.scheduler = new Scheduler(clock)
    this.asks = new PendingAsks(clock, (question, correlation) => this.#withdrawFrom(question.target, correlation))
    this.#system = new SystemLine(number, {
      tell: (method, ...args) => this.#tellSystem(method, args, connection => connection.callFirst(wire.TELL, SYSTEM.id, method, args, 0)),
      record: (method, ...args) => this.#tellSystem(method, args, connection => void connection.call(wire.TELL, SYSTEM.id, 0, method, args, 0)),
      ready: () => this.ready(SYSTEM.host),
    })
    this.peers = new Peers(this, transport, requestLink, (peer, messages) => this.#system.lost(peer, messages))
    this.#local = new LocalOrigin(number, this.asks)
    this.#untrack = trackSource(() => [...this.asks.describe()].map(name => ({ kind: 'ask', name, stack: `on host ${number}` })))
  }

  // Who lives here.

  /** Puts a plain object of the system at an id. */
  addService(id: number, service: object): void {
    this.#recipients.add(id, new ServiceCell(service))
  }

  /** Makes the cell of an actor; it takes messages from now on and handles them when it is started. */
  addCell(data: RefData, definition: ActorDefinition<object>, props: unknown): Cell {
    const cell = new Cell(this, data.id, definition, new ActorRef(this, data), props)
    this.#recipients.add(data.id, cell)
    return cell
  }

  cell(id: number): Cell | undefined {
    const recipient = this.#recipients.get(id)
    return recipient instanceof Cell ? recipient : undefined
  }

  remove(id: number): void {
    this.#recipients.remove(id)
  }

  /** Ends the time in which messages for actors that are not here yet are kept: all have been started. */
  open(): void {
    this.#recipients.open()
  }

  /** Resolves when nothing waits to be sent. */
  async flushed(): Promise<void> {
    await this.peers.settled()
    await this.peers.flushed()
  }

  /** Closes all connections. Asks that wait reject. */
  close(): void {
    this.#isClosed = true
    this.asks.rejectAll(new SystemStoppedError('wait for an answer'))
    this.peers.close()
    this.#untrack()
  }

  // What actors and the program send.

  tell(ref: ActorRef<object>, method: string, args: unknown[]): boolean {
    const { host, id } = ref.address
    if (this.#isClosed) throw new SystemStoppedError(`send to actor ${ref.toString()}`)
    if (host === this.number) return this.#deliver(id, 'tell', method, args, 0)
    const connection = this.peers.connectionTo(host)
    const from = currentActor()?.self.address.id ?? 0
    if (connection !== undefined) return connection.call(wire.TELL, id, from, method, args, 0)
    this.recordDeadLetter({ target: { host, id }, sender: from === 0 ? undefined : from, method, args, reason: 'actor-stopped', progress: 'not-begun', error: undefined })
    return true
  }

  ask(ref: ActorRef<object>, method: string, args: unknown[], options: AskOptions): Promise<unknown> {
    return this.#ask(questionTo(ref, method), 'ask', args, options)
  }

  stream(ref: ActorRef<object>, method: string, args: unknown[]): AsyncGenerator<unknown, void, void> {
    const question = questionTo(ref, method)
    let correlation = 0
    return readStream({
      open: (item, signal) => this.#ask(question, 'stream', args, { timeoutMs: Infinity, signal }, { item, sending: made => (correlation = made) }),
      more: () => this.#more(question.target, correlation),
    })
  }

  /**
   * Asks a service of the system on any host. It has no deadline: it answers, or its thread goes down.
   *
   * @param turn `first` overtakes the messages that wait, which may wait for just this; `last` comes after all that was sent before.
   */
  askService(target: Address, method: string, args: unknown[], turn: 'first' | 'last' = 'first'): Promise<unknown> {
    const name = target.id === GUARDIAN ? `guardian of host ${target.host}` : 'system'
    return this.#ask({ target, name, method, methods: [] }, 'ask', args, { timeoutMs: Infinity }, { turn })
  }

  async ready(host: number): Promise<void> {
    if (host === this.number) await new Promise<void>(resolve => this.clock.soon(resolve))
    else await this.peers.existing(host)?.ready()
  }

  // What arrives.

  receive(envelope: Envelope): void {
    this.#recipients.deliver(envelope)
  }

  withdraw(envelope: Envelope): void {
    this.#recipients.get(envelope.to)?.withdraw(envelope)
  }

  // What cells need.

  refTo(address: Address): ActorRef<object> {
    return new ActorRef(this, { ...address, name: '', url: '', definition: '' })
  }

  async spawn<A extends object>(definition: ActorDefinition<A>, options: SpawnOptions<A>): Promise<ActorRef<A>> {
    const data = await this.askService(SYSTEM, 'spawn', [definition.url, definition.name, options])
    return new ActorRef(this, data as RefData)
  }

  failed(cell: Cell, error: Error, method: string): void {
    this.#system.failed(cell.id, error, method)
  }

  stopRequested(cell: Cell): void {
    this.#system.stop(cell.id)
  }

  deadLetter(envelope: Envelope, reason: DeadLetterReason, error?: Error): void {
    const { to, from, method, args } = envelope
    this.recordDeadLetter({ target: { host: this.number, id: to }, sender: from?.id, method, args, reason, progress: undefined, error })
  }

  recordDeadLetter(letter: DeadLetter): void {
    this.#system.deadLetter(letter)
  }

  #ask(
    question: Question,
    kind: 'ask' | 'stream',
    args: unknown[],
    options: AskOptions,
    { item, sending, turn }: { item?: ItemReceiver; sending?: (correlation: number) => void; turn?: 'first' | 'last' } = {},
  ): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new SystemStoppedError(`ask actor ${question.name}`))
    const { target, method } = question
    const from = currentActor()?.self.address.id ?? 0
    return this.asks.ask(
      question,
      options,
      correlation => {
        sending?.(correlation)
        if (target.host === this.number) {
          this.#deliver(target.id, kind, method, args, correlation)
          return
        }
        const connection = this.peers.connectionTo(target.host)
        if (connection === undefined) this.asks.refuse(correlation, { kind: 'stopped' })
        else if (turn === 'first') connection.callFirst(wire.ASK, target.id, method, args, correlation)
        else if (turn === 'last') connection.callLast(wire.ASK, target.id, method, args, correlation)
        else connection.call(kind === 'ask' ? wire.ASK : wire.OPEN, target.id, from, method, args, correlation)
      },
      item,
    )
  }

  #deliver(to: number, kind: Envelope['kind'], method: string, args: unknown[], correlation: number): boolean {
    const depth = this.cell(to)?.depth ?? 0
    if (depth >= LINK_LIMITS.backlogMessages) throw new MailboxFullError(`#${to}@${this.number}`, depth)
    const from = currentActor()?.self.address
    const envelope: Envelope = { to, from, method, args, origin: this.#local, slot: 0, correlation, kind }
    this.#local.accept(envelope)
    this.receive(envelope)
    return depth < LINK_LIMITS.backlogMark
  }

  #tellSystem(method: keyof SystemService, args: unknown[], send: (connection: Connection) => void): void {
    if (this.#isClosed) return
    const connection = this.number === SYSTEM.host ? undefined : this.peers.connectionTo(SYSTEM.host)
    if (connection === undefined) this.#deliver(SYSTEM.id, 'tell', method, args, 0)
    else send(connection)
  }

  #more(target: Address, correlation: number): void {
    if (target.host === this.number) this.#deliver(target.id, 'more', 'more', [], correlation)
    else this.peers.existing(target.host)?.more(correlation, target.id)
  }

  #withdrawFrom(target: Address, correlation: number): void {
    if (target.host !== this.number) {
      this.peers.existing(target.host)?.withdraw(correlation)
      return
    }
    const envelope = this.#local.takeAsked(correlation)
    if (envelope !== undefined) this.withdraw(envelope)
  }

  #refuseStopped(envelope: Envelope): void {
    if (envelope.kind === 'tell') this.deadLetter(envelope, 'actor-stopped')
    else envelope.origin.refuse(envelope, { kind: 'stopped' })
    envelope.origin.finish(envelope)
  }
}

function questionTo(ref: ActorRef<object>, method: string): Question {
  return { target: ref.address, name: ref.name, method, methods: ref.methods ?? [] }
}
