import {
  decodeValues,
  LINK_LIMITS,
  MalformedMessageError,
  MessageTooLargeError,
  PipeFullError,
  SlotMap,
  toError,
  type CodecExtension,
  type LinkReceiver,
  type Way,
} from '@zera/core/internal'
import { FIRST_ACTOR_ID, formatActor, type Address } from '../model/address.js'
import { cloneable } from '../model/cloneable-error.js'
import { MailboxFullError, type LinkError } from '../model/errors.js'
import type { PeerDown } from '../platform/peer-down.js'
import type { HostEnd, HostLink, Transport } from '../platform/transport.js'
import type { ConnectionHost } from './connection-host.js'
import { envelopeOf, type Envelope, type Origin, type Refusal } from './envelope.js'
import { refuseBlock } from './format/copy-values.js'
import { hostCodec } from './format/host-codec.js'
import * as format from './format/message-format.js'
import { expectBody } from './format/remote-body.js'
import type { Publication } from './publication.js'
import { NamedShapes, type RowHeading } from './rows/message-shape.js'
import { RowWriter } from './rows/row-writer.js'
import { progressOf, settleDown, settleReturned, type ReturnedFrom } from './settle-returned.js'
import { traceparentToSend } from './tracing/trace-context.js'

/** The link of a connection, for the peers that wait for it or hear news of its other side. */
interface ConnectionLink extends Pick<HostLink, 'admitted'> {
  readonly outbox: Pick<HostLink['outbox'], 'backlog' | 'ready'>
}

/**
 * All traffic from one host to one incarnation of another. It turns calls into messages on a link, and arriving
 * messages into envelopes and answers. When the other host goes down, it settles everything under way.
 */
export class Connection implements Origin, LinkReceiver {
  readonly format = format.FORMAT
  readonly host: number
  readonly #local: ConnectionHost
  /** Its link, as others may use it: all that travels on it passes through here. */
  readonly link: ConnectionLink
  readonly #link: HostLink
  readonly #codec: CodecExtension
  readonly #rows: RowWriter
  readonly #shapes = new NamedShapes()
  /** What the peer asks here and waits for. */
  readonly #asked = new SlotMap<Envelope>()
  /**
   * The last ask of the peer to an actor that has arrived, and those beyond it that it has given up already, as the
   * main thread said first.
   */
  #lastAsked = 0
  readonly #withdrawnAhead = new Set<number>()
  #isOpen = false
  #incarnation = 0

  /** @param peer The number of the other host. */
  constructor(local: ConnectionHost, peer: number, transport: Transport) {
    this.#local = local
    this.host = peer
    this.#link = transport.createLink(`host ${peer}`, this, peer)
    this.link = this.#link
    this.#rows = new RowWriter(this.#link.outbox)
    this.#codec = hostCodec(local.messenger, this.#link, 'borrow')
  }

  /** Whether it has its link; until then, what is sent waits. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Identifies its link among all links that ever join these two hosts; 0 while it has none. */
  get incarnation(): number {
    return this.#incarnation
  }

  /** @throws {DescriptorLimitError} When no socket is available. Give up the connection then. */
  open(end: HostEnd): void {
    this.#link.open(end)
    this.#isOpen = true
    this.#incarnation = end.incarnation
  }

  /**
   * Puts a message that came back from the previous incarnation ahead of all that wait. For a connection that is not
   * open yet.
   *
   * @param codec What reads the message.
   * @returns False when that is impossible.
   */
  sendAhead(message: format.CallBody, redelivered: number, codec: CodecExtension): boolean {
    try {
      const values = decodeValues(message[4], codec)
      this.#link.outbox.postValues('ahead', format.headAgain(message, redelivered), message[5], values, this.#codec)
      return true
    } catch {
      // This host is closing, or something that another thread lent cannot be lent again.
      return false
    }
  }

  /** Resolves when nothing waits to be sent. */
  flushed(): Promise<void> {
    return this.#link.outbox.ready(1)
  }

  // What this host sends.

  /** Sends a call. Returns false when many messages wait. */
  call(call: format.OutgoingCall): boolean {
    const traceparent = traceparentToSend()
    try {
      const isPlain = traceparent === undefined && call.id === undefined
      const hasRoom = isPlain ? this.#rows.post(call) : undefined
      return hasRoom ?? this.#post('message', call, traceparent)
    } catch (error) {
      throw this.#explain(error, call.ref?.toString() ?? formatActor({ host: this.host, id: call.to }))
    }
  }

  /** Sends a publication for all its subscribers there. Returns false when many messages wait. */
  publish(publication: Publication): boolean {
    const codec = this.#codec
    const forMany: CodecExtension = {
      ...codec,
      encode: value => {
        refuseBlock(value)
        return codec.encode(value)
      },
    }
    try {
      const head = format.publicationHead(publication)
      return this.#link.outbox.postValues('message', head, 0, [publication.data], forMany)
    } catch (error) {
      throw this.#explain(error, `of the subscribers on host ${this.host}`)
    }
  }

  /** Sends a call of the system, behind everything sent before, also beyond the limit of the backlog. */
  callLast(call: format.OutgoingCall): void {
    this.#post('always', call)
  }

  /**
   * Sends one of the system's few urgent calls. It overtakes waiting messages, also beyond the limit of the backlog:
   * they may wait for an actor that this call starts.
   */
  callFirst(call: format.OutgoingCall): void {
    this.#post('reply', call)
  }

  /**
   * Withdraws an ask or a stream. If it still waits here, it does not leave. Otherwise this tells the peer, ahead of
   * what waits.
   */
  withdraw(correlation: number): void {
    if (!this.#link.isClosed && !this.#link.outbox.takeBack(correlation))
      this.#link.outbox.postReply(`[${format.WITHDRAW},${correlation}]`)
  }

  /** Takes more items of a stream. */
  more(correlation: number, to: number, items: number): void {
    if (!this.#link.isClosed) this.#link.outbox.postAlways(`[${format.MORE},${correlation},${to},${items}]`)
  }

  // What becomes of the messages of the peer.

  begin(envelope: Envelope): boolean {
    return this.#link.begin(envelope.slot, envelope.kind === 'ask' || envelope.kind === 'stream')
  }

  finish(envelope: Envelope): void {
    this.#link.finish(envelope.slot)
  }

  answer(envelope: Envelope, value: unknown): void {
    this.#reply(format.ANSWER, envelope, value)
  }

  refuse(envelope: Envelope, refusal: Refusal): void {
    if (refusal.kind === 'threw') {
      this.#refuseWith(envelope, cloneable(refusal.error))
      return
    }
    if (this.#asked.take(envelope.correlation) !== undefined)
      this.#link.outbox.postReply(format.unreachedText(envelope.correlation, refusal))
  }

  item(envelope: Envelope, value: unknown): void {
    if (this.#asked.has(envelope.correlation)) this.#postReply(format.ITEM, envelope.correlation, value)
  }

  // What arrives.

  message(body: unknown, slot: number): void {
    if (this.#link.isRemote === true) this.#expect(body)
    const message = body as format.MessageBody
    switch (message[0]) {
      case format.TELL:
      case format.ASK:
      case format.OPEN:
        this.#takeCall(message, slot)
        return
      case format.MORE:
        this.#takeMore(message, slot)
        return
      case format.PUBLICATION:
        this.#takePublication(message, slot)
        return
      case format.ANSWER:
        this.#local.messenger.asks.answer(message[1], this.#decode(message[2]))
        break
      case format.THREW:
        this.#local.messenger.asks.refuse(message[1], { kind: 'threw', error: toError(this.#decode(message[2])) })
        break
      case format.UNREACHED:
        this.#local.messenger.asks.refuse(message[1], { kind: message[2], problem: message[3] })
        break
      case format.ITEM:
        this.#local.messenger.asks.item(message[1], this.#decode(message[2]))
        break
      case format.WITHDRAW:
        this.withdrawn(message[1])
    }
    this.#link.finish(slot)
  }

  rows(heading: unknown): (cells: readonly unknown[], at: number, slot: number) => void {
    const [name, to, from] = heading as RowHeading
    const shape = this.#shapes.get(name)
    const { kind, method } = shape
    if (kind !== format.ANSWER && kind !== format.ITEM) {
      const { isAddressed } = shape
      return (cells, at, slot) => {
        const [toOne, fromOne] = isAddressed ? [cells[at] as number, cells[at + 1] as number] : [to, from]
        const args = shape.values(cells, at)
        const correlation = shape.correlation(cells, at)
        this.#receiveCall(
          envelopeOf({
            kind: nameOf(kind),
            to: toOne,
            from: this.#addressOf(fromOne),
            method,
            args,
            origin: this,
            slot,
            correlation,
          }),
        )
      }
    }
    const { asks } = this.#local.messenger
    return (cells, at, slot) => {
      const [value] = shape.values(cells, at)
      if (kind === format.ANSWER) asks.answer(shape.correlation(cells, at), value)
      else asks.item(shape.correlation(cells, at), value)
      this.#link.finish(slot)
    }
  }

  /** It was withdrawn before it left. */
  dropped(body: unknown): void {
    settleReturned(body as format.MessageBody, 'not-begun', this.#returnedFrom(undefined))
  }

  /** Its host could not take a message, and may die before it has said so. */
  refused(body: unknown): void {
    const message = body as format.MessageBody
    if (message[0] === format.ASK || message[0] === format.OPEN)
      this.#local.messenger.asks.refusing(message[5], progressOf(message, 'not-begun'))
  }

  /** The peer has given up an ask or a stream. */
  withdrawn(correlation: number): void {
    const envelope = this.#asked.take(correlation)
    if (envelope !== undefined) this.#local.recipients.withdraw(envelope)
    else if (correlation > this.#lastAsked) this.#withdrawnAhead.add(correlation)
  }

  faulted(problem: string): void {
    this.#local.faulted(this.host, this.#incarnation, problem)
  }

  signal(): void {
    // Hosts do not signal each other; what they need to know about each other comes from the main thread.
  }

  // The end.

  /**
   * Settles everything under way when the other host has ended. It first receives what that host had sent. Then tells
   * become dead letters, asks reject, and it counts what that host had accepted for this one and never sent.
   *
   * @param lastAsk The number of the last ask that was sent here.
   * @param next The connection to the next incarnation, for what is delivered again.
   * @returns The count.
   */
  async down(peerDown: PeerDown, lastAsk: number, next: Connection | undefined): Promise<number> {
    await this.#link.drained(peerDown.account)
    const remains = this.#link.takeRemains(peerDown.account)
    this.close()
    settleDown(remains.returned, this.#returnedFrom(peerDown), {
      lastAsk,
      next,
      settled: () => this.#link.outbox.settled(1),
    })
    return remains.lost
  }

  /** Gives up a connection that waits for a host which will not come: its messages become dead letters, its asks reject. */
  gone(): void {
    const { returned } = this.#link.takeRemains()
    this.close()
    const from = this.#returnedFrom(undefined)
    for (const { body, progress } of returned) {
      settleReturned(body as format.MessageBody, progress, from)
      this.#link.outbox.settled(1)
    }
  }

  /**
   * Gives up a connection whose link one side could not open, so that no handler has begun: its messages become dead
   * letters, its asks reject.
   *
   * @param linkError Makes the error of one of them.
   */
  giveUp(linkError: () => LinkError): void {
    // A link that could not be opened has closed itself, and no longer counts anything.
    const isCounted = !this.#link.isClosed
    const { returned } = this.#link.takeRemains()
    this.close()
    const from = { ...this.#returnedFrom(undefined), linkError }
    for (const { body, progress } of returned) {
      settleReturned(body as format.MessageBody, progress, from)
      if (isCounted) this.#link.outbox.settled(1)
    }
  }

  /** Unplugs the link. Asks of the peer are still handled, but there is no one left to answer; streams end. */
  close(): void {
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    for (const envelope of asked) if (envelope.kind === 'stream') this.#local.recipients.withdraw(envelope)
    this.#link.close()
  }

  #post(way: Way, call: format.OutgoingCall, traceparent?: string): boolean {
    const head = format.callHead(call, traceparent)
    return this.#link.outbox.postValues(way, head, call.correlation, call.args, this.#codec)
  }

  #explain(thrown: unknown, actor: string): Error {
    const error = toError(thrown)
    return error instanceof PipeFullError
      ? new MailboxFullError(actor, `${error.messages} messages wait for its host already`, {
          cause: error,
        })
      : error
  }

  #returnedFrom<D extends PeerDown | undefined>(peerDown: D): ReturnedFrom & { readonly peerDown: D } {
    return {
      local: this.#local,
      host: this.host,
      peerDown,
      codec: hostCodec(this.#local.messenger, this.#link, 'reclaim'),
    }
  }

  /**
   * A host in another process may not be what it claims to be.
   *
   * @throws {MalformedMessageError} When no host sends that, or not
   * this one.
   */
  #expect(body: unknown): void {
    expectBody(body)
    const { asks } = this.#local.messenger
    if (format.isReply(body) && !asks.mayAnswer(body[1], this.host))
      throw new MalformedMessageError('it answers what another host was asked')
    if (body[0] === format.WITHDRAW && this.#withdrawnAhead.size >= LINK_LIMITS.windowMessages)
      throw new MalformedMessageError('it gives up more asks than can be under way')
  }

  /** An error may be too large to travel; then the asker gets an error that says so. */
  #refuseWith(envelope: Envelope, error: unknown): void {
    try {
      this.#reply(format.THREW, envelope, error)
    } catch (tooLarge) {
      if (!(tooLarge instanceof MessageTooLargeError)) throw tooLarge
      this.#reply(format.THREW, envelope, tooLarge)
    }
  }

  #reply(kind: typeof format.ANSWER | typeof format.THREW, envelope: Envelope, value: unknown): void {
    const { correlation } = envelope
    if (!this.#asked.has(correlation)) return
    // When it cannot be encoded, the caller tells the asker so.
    this.#postReply(kind, correlation, value)
    this.#asked.take(correlation)
  }

  #postReply(
    kind: typeof format.ANSWER | typeof format.THREW | typeof format.ITEM,
    correlation: number,
    value: unknown,
  ): void {
    if (kind !== format.THREW) {
      const row = { kind, to: 0, from: 0, method: '', args: [value], correlation }
      if (this.#rows.post(row) !== undefined) return
    }
    this.#link.outbox.postValues('reply', [kind], correlation, [value], this.#codec)
  }

  #takeCall(
    [kind, to, from, method, values, correlation, redelivered, traceparent, id]: format.CallBody,
    slot: number,
  ): void {
    this.#receiveCall(
      envelopeOf({
        kind: nameOf(kind),
        to,
        from: this.#addressOf(from),
        method,
        args: decodeValues(values, this.#codec),
        origin: this,
        slot,
        correlation,
        redelivered: redelivered ?? 0,
        traceparent: traceparent ?? undefined,
        id,
      }),
    )
  }

  #addressOf(from: number): Address | undefined {
    return from === 0 ? undefined : { host: this.host, id: from }
  }

  #receiveCall(envelope: Envelope): void {
    const { kind, to, correlation } = envelope
    if (kind !== 'tell') this.#asked.set(correlation, envelope)
    this.#local.recipients.deliver(envelope)
    if (kind === 'tell' || to < FIRST_ACTOR_ID) return
    this.#lastAsked = correlation
    if (this.#withdrawnAhead.size > 0) this.#withdrawFirst(correlation)
  }

  #withdrawFirst(correlation: number): void {
    if (this.#withdrawnAhead.has(correlation)) this.withdrawn(correlation)
    // Those before it will not come any more.
    for (const ahead of this.#withdrawnAhead) if (ahead <= correlation) this.#withdrawnAhead.delete(ahead)
  }

  #takePublication([, key, from, values, topic, traceparent]: format.PublicationBody, slot: number): void {
    const [data] = decodeValues(values, this.#codec)
    this.#local.publications.fanOut({ topic, key, from: this.#addressOf(from), data, traceparent }, this, slot)
  }

  #takeMore([, correlation, to, items]: format.MoreBody, slot: number): void {
    this.#local.recipients.deliver(
      envelopeOf({ kind: 'more', to, method: 'more', args: [items], origin: this, slot, correlation }),
    )
  }

  #decode(values: unknown): unknown {
    return decodeValues(values, this.#codec)[0]
  }
}

function nameOf(kind: format.CallBody[0]): 'tell' | 'ask' | 'stream' {
  return kind === format.TELL ? 'tell' : kind === format.ASK ? 'ask' : 'stream'
}
