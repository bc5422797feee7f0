import type { Transferable } from 'node:worker_threads'
import { PipeClosedError, PipeFullError } from '../base/errors/errors.js'
import { throwUncaught } from '../base/errors/uncaught.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { parseJson } from '../base/values/parse-json.js'
import { Waiters } from '../base/values/waiters.js'
import { words } from '../words/this-thread.js'
import { BlockExchange } from './blocks/block-exchange.js'
import { Inbox } from './inbox.js'
import type { Ledger } from './ledger.js'
import { ledgersOf, type LinkEnd } from './link-end.js'
import type { LinkReceiver, LinkStatistics, Remains } from './link-receiver.js'
import { Handover } from './meeting/handover.js'
import { endMeeting } from './meeting/late-bind.js'
import { Meeting } from './meeting/meeting.js'
import { Outlet, type Turn } from './outlet.js'
import { Plug } from './reactor/plug.js'
import type { Reactor } from './reactor/reactor.js'
import type { RowBatch } from './row-batch.js'
import { isSignalFrame, type Signal } from './signal.js'

/**
 * One PAIR-PAIR connection between two threads, seen from one of them.
 *
 * Guarantees: messages arrive in the order in which they were posted, and so do replies, which overtake them; each at
 * most once. A message that is accepted is handled by the peer, or given back by `takeRemains` when the peer has ended;
 * what the peer accepted and did not send is counted there. A link is for one incarnation of its peer. It never waits
 * on the peer: all waiting is in the reactor.
 *
 * It may be posted to before it is open; the messages wait.
 */
export class Link {
  readonly name: string
  readonly #reactor: Reactor
  readonly #receiver: LinkReceiver
  readonly #handover = new Handover()
  /** The large binaries of its messages. */
  readonly blocks = new BlockExchange(this.#handover)
  readonly #outlet: Outlet
  readonly #inbox = new Inbox()
  readonly #unsentSignals: string[] = []
  #state: 'unopened' | 'greeting' | 'open' | 'closed' = 'unopened'
  #plug: Plug | undefined
  #end: LinkEnd | undefined
  #hasPeerEnded = false
  #receivedChars = 0
  readonly #allReceived = new Waiters()

  constructor(name: string, reactor: Reactor, receiver: LinkReceiver) {
    this.name = name
    this.#reactor = reactor
    this.#receiver = receiver
    this.#outlet = new Outlet(this.blocks, receiver.refused?.bind(receiver), receiver.dropped?.bind(receiver))
  }

  /**
   * Plugs the link in. The connecting side greets; the binding side sends from the greeting on.
   *
   * Nothing is opened when the link was closed before.
   *
   * @throws {DescriptorLimitError} When there is no socket to be had. The link is closed then, and the end as it was:
   *   another link may be opened with it.
   */
  open(end: LinkEnd): void {
    if (this.isClosed) {
      end.handover.close()
      return
    }
    try {
      this.#outlet.open(this.#plugIn(end))
    } catch (error) {
      this.close()
      throw error
    }
    this.#reactor.add(this)
    this.flush()
  }

  /** Returns the account of what this side sends. */
  #plugIn(end: LinkEnd): Ledger {
    const { outgoing, incoming } = ledgersOf(end)
    // First, so that an end that cannot be opened now can be tried again.
    this.#plug = new Plug(end, outgoing)
    this.#handover.open(end.handover)
    this.#inbox.open(incoming)
    this.#end = end
    if (end.role === 'bind') {
      this.#state = 'greeting'
    } else {
      this.#plug.transmit(JSON.stringify({ signal: 'hello', data: end.incarnation } satisfies Signal))
      this.#sendFromNowOn()
    }
    return outgoing
  }

  /** Whether messages can still be posted. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Messages that wait here for the peer. */
  get backlog(): number {
    return this.#outlet.waiting
  }

  /** Messages that the peer has and has not handled yet. */
  get unhandled(): number {
    return this.#outlet.unhandled
  }

  get statistics(): LinkStatistics {
    return {
      ...this.#outlet.statistics,
      received: this.#inbox.received,
      receivedBytes: this.#receivedChars + this.blocks.borrowedBytes,
    }
  }

  /** Whether slots that the peer gives back are awaited here. */
  get awaitsSlots(): boolean {
    return this.#outlet.awaitsSlots
  }

  /**
   * Accepts a message. It leaves with the frame of this turn.
   *
   * @param body The message as JSON text, whose keys need no escape: what `encodeValues` writes has no other, and some
   *   versions of V8 read those as others.
   * @param key By which it can be taken back before it leaves: keys grow in the order of posting. Default: it cannot.
   * @returns False when the backlog has reached its mark, in messages or bytes (`LINK_LIMITS`): it is accepted, but
   *   await `ready()` before the next.
   * @throws {PipeClosedError} When the link is closed.
   * @throws {PipeFullError} When the backlog is at its limit.
   */
  post(body: string, key = 0): boolean {
    if (!this.isClosed) this.#expectRoom()
    return this.#accept(body, 'message', key)
  }

  /**
   * Posts a message, or a reply, as a row of a batch: for messages of which many have one shape. It promises, returns
   * and throws what `post` does, or `postReply`. Receivers of such links have `rows`.
   *
   * @param batch The one that was posted to last, as long as it takes more, or a new one.
   * @param cells The values of the message.
   * @param bytes How large it is, about.
   */
  postRow(batch: RowBatch, cells: readonly unknown[], bytes: number): boolean {
    this.#expectOpen()
    if (batch.shape.lane === 'messages') this.#expectRoom()
    this.#outlet.acceptRow(batch, cells, bytes)
    return this.#accepted()
  }

  /** Accepts a message in its turn, also beyond the limit of the backlog. For what belongs to others that were accepted. */
  postAlways(body: string): void {
    this.#accept(body, 'message')
  }

  /**
   * Accepts a message that the peer may be waiting for before it can handle others: an answer, or what starts an actor
   * again. It overtakes those, and is accepted also beyond the limit of the backlog: the peer's own limit bounds how
   * many there are.
   */
  postReply(body: string): void {
    this.#accept(body, 'reply')
  }

  /**
   * Accepts a message that goes before all others that wait, but for replies, also beyond the limit of the backlog. For
   * what another link has given back, from the last to the first, before this one is open.
   */
  postAhead(body: string, key = 0): void {
    this.#accept(body, 'ahead', key)
  }

  /**
   * Takes a message back by its key. Returns whether it has not left, and will not: `LinkReceiver.dropped` is given it
   * when its turn has come, or it is among the remains. One that has left and was not begun is marked as withdrawn, so
   * that it is not.
   */
  takeBack(key: number): boolean {
    return this.#outlet.takeBack(key)
  }

  /**
   * Resolves when fewer than `below` messages wait, by default `LINK_LIMITS.backlogMark`, and fewer bytes than the
   * mark, or when the link is closed.
   */
  ready(below?: number): Promise<void> {
    return this.#outlet.ready(below)
  }

  /** Resolves when all that was posted until now has left, or when the link is closed. Later messages do not delay it. */
  sent(): Promise<void> {
    return this.#outlet.sent()
  }

  /**
   * Sends a signal at once, ahead of messages that wait, with shared memory or ports to hand over. Nothing happens when
   * the link is closed.
   */
  signal(signal: string, data?: unknown, handOver?: { content: unknown; transfer?: readonly Transferable[] }): void {
    if (this.#state === 'closed') return
    const ticket = handOver === undefined ? undefined : this.#handover.offer(handOver.content, handOver.transfer)
    const frame = JSON.stringify({ signal, data, ticket })
    if (this.#state === 'open') this.#plug?.transmit(frame)
    else this.#unsentSignals.push(frame)
  }

  /**
   * Marks a message of the peer as begun. Returns false when it may be withdrawn, and was: then it is not begun, and
   * has yet to be finished.
   */
  begin(slot: number, mayBeWithdrawn = false): boolean {
    return this.#inbox.begin(slot, mayBeWithdrawn)
  }

  /** Marks a message of the peer as handled. */
  finish(slot: number): void {
    if (this.#inbox.finish(slot)) this.#reactor.ringLater(this)
  }

  /** Sends what the window allows. Called by the reactor at the end of a turn. */
  flush(): void {
    if (this.#state !== 'open') return
    if (this.#outlet.flush(this.#transmit)) this.#reactor.flushLater(this)
  }

  /** Rings the peer, which waits for slots that were given back. Called by the reactor. */
  ringPeer(): void {
    this.#plug?.ring()
  }

  /** Whether a frame of the peer waits to be received. */
  get hasFrames(): boolean {
    return this.#state !== 'closed' && this.#inbox.hasFrames
  }

  /** The number of the last frame that the peer has sent. */
  get lastFrame(): number {
    return this.#inbox.lastFrame
  }

  /** Whether the frame with this number is yet to be received. */
  lacks(frame: number): boolean {
    return this.hasFrames && this.#inbox.lacks(frame)
  }

  /**
   * Receives at most `maxFrames` frames and passes on what they hold. Called by the reactor. Returns how many there
   * were.
   */
  async drain(maxFrames: number): Promise<number> {
    let frames = 0
    while (frames < maxFrames && this.hasFrames) {
      const frame = await this.#plug?.receive()
      if (frame === undefined || this.isClosed) break
      this.#inbox.countFrame()
      frames += 1
      if (isSignalFrame(frame)) this.#takeSignal(parseJson(frame) as Signal)
      else {
        this.#receivedChars += frame.length
        this.#inbox.pass(JSON.parse(frame) as unknown[], this.#receiver)
      }
    }
    if (!this.hasFrames) this.#allReceived.wake()
    return frames
  }

  /** Resolves when all that the peer has sent was received. For when the peer has ended and sends no more. */
  async drained(): Promise<void> {
    if (!this.hasFrames) return
    const done = this.#allReceived.wait()
    words.bell.ring()
    await done
  }

  /**
   * Gives back what the peer has not handled, and counts what it never sent. For when the peer has ended and the link
   * is drained.
   */
  takeRemains(): Remains {
    this.#hasPeerEnded = true
    return { returned: this.#outlet.takeReturned(), lost: this.#inbox.missing }
  }

  /**
   * Says that so many of the messages that were given back are dealt with. Until then `unsettledMessages` counts them;
   * what was lost it counts until `writeOffMessages`.
   */
  settled(messages: number): void {
    this.#outlet.settled(messages)
  }

  /** Unplugs the link. What waits is not sent; take the remains first. Calling it twice is harmless. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#reactor.remove(this)
    this.#plug?.close()
    this.#handover.close()
    this.#outlet.close()
    this.#allReceived.wake()
    if (this.#hasPeerEnded) this.#endMeeting()
  }

  /** The peer has ended, and plugs nothing in any more. */
  #endMeeting(): void {
    if (this.#end === undefined) return
    // Who has bound has met whoever was there, or nobody was.
    if (this.#end.role === 'bind') new Meeting(this.#end.meeting).happened()
    else endMeeting(this.#end)
  }

  #accept(body: string, turn: Turn, key = 0): boolean {
    this.#expectOpen()
    this.#outlet.accept(body, turn, key)
    return this.#accepted()
  }

  #accepted(): boolean {
    const outlet = this.#outlet
    if (this.#plug !== undefined) {
      // A full frame leaves at once, so that the peer works while this turn goes on.
      if (outlet.fillsFrames) this.flush()
      else this.#reactor.flushLater(this)
    }
    return outlet.hasRoom()
  }

  #expectOpen(): void {
    if (!this.isClosed) return
    this.blocks.abandon()
    throw new PipeClosedError(this.name)
  }

  #expectRoom(): void {
    if (!this.#outlet.isFull) return
    this.#outlet.refuse()
    throw new PipeFullError(this.name, this.backlog, LINK_LIMITS.backlogMessages)
  }

  readonly #transmit = (frame: string): void => this.#plug?.transmit(frame)

  #takeSignal(signal: Signal): void {
    if (signal.signal === 'hello') {
      this.#takeHello(signal.data)
      return
    }
    const handedOver = signal.ticket === undefined ? undefined : this.#handover.collect(signal.ticket)
    try {
      this.#receiver.signal(signal, handedOver)
    } catch (error) {
      throwUncaught(error)
    }
  }

  /**
   * A hello of another incarnation is a stranger on this endpoint, whom nobody can answer; it is not let in (hazard
   * H4).
   */
  #takeHello(incarnation: unknown): void {
    if (this.#state !== 'greeting' || this.#end === undefined || incarnation !== this.#end.incarnation) return
    new Meeting(this.#end.meeting).happened()
    this.#sendFromNowOn()
    this.flush()
  }

  #sendFromNowOn(): void {
    this.#state = 'open'
    for (const frame of this.#unsentSignals.splice(0)) this.#plug?.transmit(frame)
  }
}
