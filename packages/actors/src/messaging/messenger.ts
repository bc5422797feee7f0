import { atCaller, type Clock, rejectedSoon, toError, type Verb, waitFor, within } from '@zera/core/internal'
import { currentActor } from '../model/actor-context.js'
import { FIRST_ACTOR_ID, formatActor, formatService, type Address, SYSTEM } from '../model/address.js'
import type { CancelOrder, CancelOutcome } from '../model/cancel-spec.js'
import { MailboxFullError, SystemStoppedError } from '../model/errors.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { Stall } from '../model/events/stall.js'
import type { AskOptions, StreamOptions, WaitOptions } from '../model/protocol.js'
import type { BoundRef, RefHost } from '../model/refs/bound-ref.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { SystemIdentity } from '../model/refs/system-identity.js'
import { refusing } from '../model/refused-message.js'
import type { Obituary } from '../model/supervision/obituary.js'
import type { Transport } from '../platform/transport.js'
import { PendingAsks, type AskLoad, type ItemReceiver, type Question, type SendQuestion } from './asks/pending-asks.js'
import type { Connection } from './connection.js'
import { envelopeOf, type Envelope } from './envelope.js'
import { copyValues } from './format/copy-values.js'
import * as format from './format/message-format.js'
import { LocalOrigin } from './local-origin.js'
import { OutgoingMessage, type Outbox } from './outgoing-message.js'
import { gateHere, type OutputGate } from './output-gate.js'
import type { Peers } from './peers.js'
import type { Recipients } from './recipients.js'
import { serviceAt, type ServiceCarrier, type ServiceClient, type Turn } from './services/service-client.js'
import type { SystemService } from './services/system-service.js'
import { StreamReader, type StreamSource } from './streams/stream-reader.js'
import type { HostTimes } from './times/host-times.js'
import { traceparentToSend, withTraceparent } from './tracing/trace-context.js'

const NO_DEADLINE: AskOptions = { timeoutMs: Infinity }

/** How long the asker of an actor that is gone waits for the reason, in milliseconds: the main thread may be blocked. */
const EXPLAIN_MS = 1000

/** How long an asker that gives up waits for the reason, in milliseconds: an error comes no later than that. */
const STALL_MS = 20

type QuestionKind = typeof format.ASK | typeof format.OPEN

/** A message to an actor of this host. */
type LocalCall = Pick<Envelope, 'kind' | 'to' | 'method' | 'args' | 'correlation' | 'redelivered' | 'id'> & {
  /** Its target, for errors. */
  readonly ref?: { toString(): string } | undefined
}

/** The parts of a messenger. */
interface MessengerParts {
  /** The number of its host. */
  readonly number: number
  readonly identity: SystemIdentity
  readonly clock: Clock
  readonly peers: Peers
  /** The recipients on its host. */
  readonly recipients: Recipients
  /** Counts the messages that are on no link. */
  readonly transport: Pick<Transport, 'hold'>
  /** Records a message that no actor will handle. */
  readonly deadLetter: (letter: DeadLetter) => void
  /** Measures asks. Undefined when nothing is measured. */
  readonly times?: HostTimes | undefined
}

/**
 * Sends the messages of a host's actors, and of the program.
 *
 * A message to an actor of the same host goes straight into its mailbox; one to another host leaves on the connection
 * to it.
 */
export class Messenger implements RefHost, ServiceCarrier {
  readonly asks: PendingAsks
  /** What the main thread does for all hosts. */
  readonly system: ServiceClient<SystemService> = serviceAt<SystemService>(this, SYSTEM)
  /** Sends to pools. Its host sets it, before any ref is used. */
  pools: RefHost | undefined
  /** Sends to durable mailboxes. Its host sets it, before any ref is used. */
  outbox: Outbox | undefined
  /** The number of its host. */
  readonly number: number
  readonly identity: SystemIdentity
  readonly clock: Clock
  readonly #peers: Peers
  readonly #recipients: Recipients
  readonly #deadLetter: (letter: DeadLetter) => void
  readonly #local: LocalOrigin
  readonly #stalls = new Map<number, Promise<Stall | undefined>>()
  #isClosed = false

  constructor({ number, identity, clock, peers, recipients, transport, deadLetter, times }: MessengerParts) {
    this.number = number
    this.identity = identity
    this.clock = clock
    this.#peers = peers
    this.#recipients = recipients
    this.#deadLetter = deadLetter
    this.asks = new PendingAsks(
      clock,
      (question, correlation) => this.#withdraw(question, correlation),
      {
        explain: (target, limitMs) => this.explain(target, limitMs),
        stallOf: target => this.#stallOf(target),
      },
      times,
    )
    this.#local = new LocalOrigin(number, this.asks, transport)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * The actor that sends: the one whose code is running, if it is one of this system. An actor of another system in
   * this thread has no address in this one, so its messages have no sender here.
   */
  get sender(): Address | undefined {
    const self = currentActor()?.self as BoundRef<object> | undefined
    return self !== undefined && self.belongsTo(this) ? self.address : undefined
  }

  /** Sends nothing more. Asks that wait reject. */
  close(): void {
    this.#isClosed = true
    this.asks.rejectAll(awaited => new SystemStoppedError(`wait for ${awaited}`))
  }

  tell(ref: ActorRef<object>, method: string, args: unknown[]): boolean {
    try {
      const gate = gateHere()
      if ((ref as BoundRef<object>).data.keepsMail === true)
        return this.#post(gate, new OutgoingMessage(ref as BoundRef<object>, method, args, this.sender))
      return gate === undefined ? this.#tell(ref, method, args) : this.#tellThrough(gate, ref, method, args)
    } catch (error) {
      throw refusing(error, ref, method, args)
    }
  }

  /**
   * Sends on what is kept in a durable mailbox now. If it does not arrive, its actor finds it there.
   *
   * @param number Its own there.
   * @param isBehind Whether others may be there that come before it, and have not arrived.
   */
  forward({ ref, method, args, from, traceparent }: OutgoingMessage, number: number, isBehind: boolean): void {
    if (this.#isClosed) return
    const { host, id: to } = ref.address
    const call = { to, method, args, correlation: number, redelivered: isBehind ? 1 : 0, ref }
    withTraceparent(traceparent, () => {
      if (host === this.number) this.#deliver({ ...call, kind: 'tell' }, from)
      else this.#peers.connectionTo(host)?.callLast({ ...call, kind: format.TELL, from: from?.id ?? 0 })
    })
  }

  /** Keeps a message: with what a durable actor does, or by itself. */
  #post(gate: OutputGate | undefined, message: OutgoingMessage): boolean {
    if (this.#isClosed || this.outbox === undefined)
      throw new SystemStoppedError(`send to actor ${message.ref.toString()}`)
    if (gate === undefined) return this.outbox.post(message)
    gate.post(message)
    return true
  }

  /**
   * Records a tell whose target no longer exists.
   *
   * @throws {SystemStoppedError} When no host is left to take the record.
   */
  undelivered(ref: ActorRef<object>, method: string, args: unknown[]): void {
    if (this.#isClosed) throw refusing(new SystemStoppedError(`send to actor ${ref.toString()}`), ref, method, args)
    const { host, id } = ref.address
    const sender = this.sender?.id
    this.#deadLetter({
      target: { host, id },
      sender,
      method,
      args,
      reason: 'actor-stopped',
      progress: 'not-begun',
      error: undefined,
    })
  }

  /** @param load Where the ask counts as long as it waits for its answer. */
  ask(
    ref: BoundRef<object>,
    method: string,
    args: unknown[],
    options: AskOptions,
    verb: Verb,
    load?: AskLoad,
  ): Promise<unknown> {
    return this.#ask(this.#questionTo(ref, method, load, options.id), args, options, this.#sendAsk, undefined, verb)
  }

  stream(
    ref: BoundRef<object>,
    method: string,
    args: unknown[],
    { signal, timeoutMs = Infinity }: StreamOptions,
  ): AsyncGenerator<unknown, void, void> {
    const options = signal === undefined ? { timeoutMs } : { timeoutMs, signal }
    const question = this.#questionTo(ref, method)
    let correlation = 0
    const source: StreamSource = {
      open: item =>
        this.#ask(
          question,
          args,
          options,
          number => {
            correlation = number
            this.#send(format.OPEN, number, question, args)
          },
          item,
        ),
      describe: () => `${method}() of actor ${ref.toString()}`,
      more: items => this.#more(question.target, correlation, items),
      leave: reason => this.asks.giveUp(correlation, reason),
    }
    return new StreamReader(source, signal)
  }

  /** Asks a service of the system on any host; see `serviceAt`. It has no deadline. */
  askService(target: Address, method: string, args: unknown[], turn: Turn, givenUp?: AbortSignal): Promise<unknown> {
    return this.#ask(
      { target, method },
      args,
      givenUp === undefined ? NO_DEADLINE : { ...NO_DEADLINE, signal: givenUp },
      turn === 'first' ? this.#sendFirst : turn === 'last' ? this.#sendLast : this.#sendAsk,
    )
  }

  /** Tells a service of the system on any host; see `serviceAt`. After this host has closed, nothing is sent. */
  tellService({ host, id }: Address, method: string, args: unknown[], turn: Turn): void {
    if (this.#isClosed) return
    if (host === this.number) {
      this.deliver({ kind: 'tell', to: id, method, args, correlation: 0 })
      return
    }
    const connection = this.#peers.connectionTo(host)
    const call: format.OutgoingCall = { kind: format.TELL, to: id, from: 0, method, args, correlation: 0 }
    if (turn === 'first') connection?.callFirst(call)
    else if (turn === 'last') connection?.callLast(call)
    else connection?.call(call)
  }

  /**
   * Why an actor or a pool is gone, as the main thread knows it; undefined when it does not know, or does not answer
   * soon. It never rejects.
   */
  async explain(target: Address, limitMs = EXPLAIN_MS): Promise<Obituary | undefined> {
    const isService = target.host >= 0 && target.id < FIRST_ACTOR_ID
    if (isService || this.#isClosed) return undefined
    const answer = this.system.obituaryOf(target).catch(() => undefined)
    return (await within(this.clock, Math.min(limitMs, EXPLAIN_MS), answer)) ? answer : undefined
  }

  /**
   * Why the thread of an actor answers nothing, as the main thread sees it. This thread goes on, so its own actors are
   * not asked about, nor are those of the main thread, which would answer too late. However many askers of one thread
   * give up, one of them asks.
   */
  #stallOf({ host, id }: Address): Promise<Stall | undefined> | undefined {
    if (host === this.number || host === SYSTEM.host || host < 0 || id < FIRST_ACTOR_ID || this.#isClosed)
      return undefined
    const asked = this.#stalls.get(host) ?? this.#askForStall(host).finally(() => this.#stalls.delete(host))
    this.#stalls.set(host, asked)
    return asked
  }

  async #askForStall(host: number): Promise<Stall | undefined> {
    const answer = this.system.stallOn(host).catch(() => undefined)
    return (await within(this.clock, STALL_MS, answer)) ? answer : undefined
  }

  ready(ref: ActorRef<object>, options: WaitOptions): Promise<void> {
    const wait = { action: `send to actor ${ref.toString()}`, leaves: 'nothing' } as const
    return waitFor(this.clock, wait, options, async () => {
      // What others are told does not wait for the store.
      if ((ref as BoundRef<object>).data.keepsMail === true) await this.outbox?.ready()
      await this.untilRoom(ref.address)
    })
  }

  /** Resolves when fewer messages wait at an address, or for its host, than the mark. */
  async untilRoom({ host, id }: Address): Promise<void> {
    if (host === this.number) await this.#recipients.get(id)?.mailbox?.ready()
    else await this.#peers.connections.get(host)?.link.outbox.ready()
  }

  /** Sends what a durable actor tells, as it is now, when its state is kept. */
  #tellThrough(gate: OutputGate, ref: ActorRef<object>, method: string, args: unknown[]): boolean {
    if (this.#isClosed) throw new SystemStoppedError(`send to actor ${ref.toString()}`)
    const copies = copyValues(args, this)
    const traceparent = traceparentToSend()
    gate.hold(() => {
      try {
        withTraceparent(traceparent, () => this.#tell(ref, method, copies))
      } catch (error) {
        const { host, id } = ref.address
        const [target, sender] = [{ host, id }, this.sender?.id]
        const reason = error instanceof MailboxFullError ? 'mailbox-full' : 'actor-stopped'
        this.#deadLetter({ target, sender, method, args: copies, reason, progress: 'not-begun', error: toError(error) })
      }
    })
    return true
  }

  #tell(ref: ActorRef<object>, method: string, args: unknown[]): boolean {
    const { host, id } = ref.address
    if (this.#isClosed) throw new SystemStoppedError(`send to actor ${ref.toString()}`)
    if (host === this.number) return this.deliver({ kind: 'tell', to: id, method, args, correlation: 0, ref })
    // Most messages go where others went before.
    const connection = this.#peers.connections.get(host) ?? this.#peers.connectionTo(host)
    const from = this.sender?.id ?? 0
    if (connection !== undefined)
      return connection.call({ kind: format.TELL, to: id, from, method, args, correlation: 0, ref })
    this.undelivered(ref, method, args)
    return true
  }

  #ask(
    question: Question,
    args: unknown[],
    options: AskOptions,
    send: SendQuestion,
    item?: ItemReceiver,
    verb?: Verb,
  ): Promise<unknown> {
    if (this.#isClosed) {
      const stopped = new SystemStoppedError(`ask actor ${question.ref?.toString() ?? formatService(question.target)}`)
      refusing(stopped, question.ref, question.method, args)
      return rejectedSoon(this.clock, verb === undefined ? stopped : atCaller(stopped, verb))
    }
    return this.asks.ask(question, options, send, args, item, verb)
  }

  readonly #sendAsk: SendQuestion = (correlation, question, args) => this.#send(format.ASK, correlation, question, args)

  /** All waiting messages may be waiting for this one. */
  readonly #sendFirst: SendQuestion = (correlation, { target, method }, args) => {
    if (target.host === this.number) this.deliver({ kind: 'ask', to: target.id, method, args, correlation })
    else
      this.#connectionFor(correlation, target)?.callFirst({
        kind: format.ASK,
        to: target.id,
        from: 0,
        method,
        args,
        correlation,
      })
  }

  /** It goes behind everything sent before, however much that is. */
  readonly #sendLast: SendQuestion = (correlation, { target, method }, args) => {
    if (target.host === this.number) this.deliver({ kind: 'ask', to: target.id, method, args, correlation })
    else
      this.#connectionFor(correlation, target)?.callLast({
        kind: format.ASK,
        to: target.id,
        from: 0,
        method,
        args,
        correlation,
      })
  }

  #send(kind: QuestionKind, correlation: number, question: Question, args: unknown[]): void {
    const ref = question.ref as BoundRef<object> | undefined
    if (ref?.data.keepsMail === true && this.#isBehindOthers(kind, correlation, question, args)) return
    this.#sendNow(kind, correlation, question, args)
  }

  #sendNow(kind: QuestionKind, correlation: number, question: Question, args: unknown[]): void {
    const { ref, target, method, from = 0, id } = question
    const to = target.id
    if (target.host === this.number)
      this.deliver({ kind: kind === format.ASK ? 'ask' : 'stream', to, method, args, correlation, ref, id })
    else this.#connectionFor(correlation, target)?.call({ kind, to, from, method, args, correlation, ref, id })
  }

  /** What is asked of a durable mailbox goes behind what was told to it before. Returns whether it waits for that. */
  #isBehindOthers(kind: QuestionKind, correlation: number, question: Question, args: unknown[]): boolean {
    let copies = args
    const waits = this.outbox?.after(() => {
      if (!this.asks.isWaiting(correlation)) return
      try {
        this.#sendNow(kind, correlation, question, copies)
      } catch (error) {
        this.asks.refuse(correlation, { kind: 'threw', error })
      }
    })
    if (waits === true) copies = copyValues(args, this)
    return waits === true
  }

  #questionTo(ref: BoundRef<object>, method: string, load?: AskLoad, id?: string): Question {
    return { ref, target: ref.address, method, cancel: ref.data.cancel, from: this.sender?.id, load, id }
  }

  /** The way to a host; when that host is gone, the ask is refused. */
  #connectionFor(correlation: number, { host }: Address): Connection | undefined {
    const connection = this.#peers.connectionTo(host)
    if (connection === undefined) this.asks.refuse(correlation, { kind: 'stopped' })
    return connection
  }

  /** Puts a message into the mailbox of an actor of this host. Returns false when many wait there. */
  deliver(call: LocalCall): boolean {
    return this.#deliver(call, this.sender)
  }

  #deliver(
    { kind, to, method, args, correlation, redelivered = 0, ref, id }: LocalCall,
    from: Address | undefined,
  ): boolean {
    const recipient = this.#recipients.get(to)
    const mailbox = recipient?.mailbox
    if (mailbox?.isFullForSenders === true && !(kind === 'tell' && correlation > 0))
      throw new MailboxFullError(
        ref?.toString() ?? formatActor({ host: this.number, id: to }),
        `${mailbox.size} messages wait already`,
      )
    const envelope = envelopeOf({
      kind,
      to,
      from,
      method,
      args,
      origin: this.#local,
      correlation,
      redelivered,
      id,
      traceparent: traceparentToSend(),
    })
    this.#local.accept(envelope)
    if (recipient === undefined) this.#recipients.deliver(envelope)
    else recipient.deliver(envelope)
    return mailbox?.isAboveMark !== true
  }

  #more(target: Address, correlation: number, items: number): void {
    if (target.host === this.number)
      this.deliver({ kind: 'more', to: target.id, method: 'more', args: [items], correlation })
    else this.#peers.connections.get(target.host)?.more(correlation, target.id, items)
  }

  #withdraw({ target, cancel }: Question, correlation: number): Promise<CancelOutcome> | undefined {
    this.#withdrawFrom(target, correlation)
    if (cancel === undefined) return undefined
    const link = this.#peers.connections.get(target.host === this.number ? SYSTEM.host : target.host)?.incarnation ?? 0
    const order: CancelOrder = { target, asker: this.number, correlation, link, cancel }
    // When the system has stopped, so has the handler.
    return this.system.cancel(order).catch(() => 'signalled')
  }

  #withdrawFrom(target: Address, correlation: number): void {
    if (target.host !== this.number) {
      this.#peers.connections.get(target.host)?.withdraw(correlation)
      return
    }
    const envelope = this.#local.takeAsked(correlation)
    if (envelope !== undefined) this.#recipients.withdraw(envelope)
  }
}
