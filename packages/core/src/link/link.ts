import { throwUncaught } from '../base/errors/uncaught.js'
import { parseJson } from '../base/values/parse-json.js'
import { Waiters } from '../base/values/waiters.js'
import { PairSocket, textOf, type RawFrame } from '../native/pair-socket.js'
import type { Bell } from '../words/bell.js'
import { words } from '../words/this-thread.js'
import { ThreadWords } from '../words/thread-words.js'
import { BlockExchange } from './blocks/block-exchange.js'
import { LONG_FRAME, LONG_FRAME_CHARS } from './blocks/frame-blocks.js'
import { Inbox } from './inbox.js'
import type { Ledger } from './ledger.js'
import { ledgersOf, type LinkEnd } from './link-end.js'
import type { LinkReceiver, LinkStatistics, Remains } from './link-receiver.js'
import { Handover } from './meeting/handover.js'
import { endMeeting } from './meeting/late-bind.js'
import { Meeting } from './meeting/meeting.js'
import { Outbox } from './outbox.js'
import type { Reactor } from './reactor/reactor.js'
import { isSignalFrame, type HandOver, type Hello, type Signal, type SignalSender } from './signal.js'

/** What is worth a frame of its own when the peer has nothing to do; each time more in one turn. */
const SOME_MESSAGES = 8
const MORE_EACH_TIME = 8

/**
 * One PAIR-PAIR connection between two threads, seen from one of them.
 *
 * Guarantees: messages arrive in the order in which they were posted, and so do replies, which overtake them; each at
 * most once. A message that is accepted is handled by the peer, or given back by `takeRemains` when the peer has ended;
 * what the peer accepted and did not send is counted there. A link is for one incarnation of its peer. It never waits
 * on the peer: all waiting is in the reactor.
 *
 * Its outbox may be posted to before it is open; the messages wait.
 */
export class Link implements SignalSender {
  readonly name: string
  readonly #reactor: Reactor
  readonly #receiver: LinkReceiver
  readonly #handover = new Handover()
  /** The large binaries of its messages. */
  readonly blocks = new BlockExchange(this.#handover)
  /** What this side sends. */
  readonly outbox: Outbox
  readonly #inbox = new Inbox(handle => this.blocks.find(handle))
  readonly #unsentSignals: string[] = []
  #state: 'unopened' | 'greeting' | 'open' | 'closed' = 'unopened'
  #end: LinkEnd | undefined
  #socket: PairSocket | undefined
  #outgoing: Ledger | undefined
  #peerBell: Bell | undefined
  #hasPeerEnded = false
  #receivedChars = 0
  /** Messages since the last flush, and how many are worth one for a peer with nothing to do. */
  #posted = 0
  #someMessages = SOME_MESSAGES
  /** Whether frames may be in blocks that the peer has not received. */
  #hasLongFrames = false
  readonly #allReceived = new Waiters()

  constructor(name: string, reactor: Reactor, receiver: LinkReceiver) {
    this.name = name
    this.#reactor = reactor
    this.#receiver = receiver
    const { format } = receiver
    this.outbox = new Outbox({
      name,
      blocks: this.blocks,
      receiver,
      accepted: this.#sendSoon,
      format,
      sendsBatches: true,
    })
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
      this.outbox.open(this.#plugIn(end))
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
    this.#socket = openPair(end)
    this.#outgoing = outgoing
    this.#peerBell = new ThreadWords(end.peerWords).bell
    this.#handover.open(end.handover)
    this.#inbox.open(incoming)
    this.#end = end
    if (end.role === 'bind') {
      this.#state = 'greeting'
    } else {
      this.#transmit(JSON.stringify({ signal: 'hello', data: end.incarnation } satisfies Hello))
      this.#sendFromNowOn()
    }
    return outgoing
  }

  /** Whether messages can still be posted. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  get statistics(): LinkStatistics {
    return {
      ...this.outbox.statistics,
      received: this.#inbox.received,
      receivedBytes: this.#receivedChars + this.blocks.borrowedBytes,
    }
  }

  /** Whether slots that the peer gives back are awaited here. */
  get awaitsSlots(): boolean {
    return this.outbox.awaitsSlots
  }

  /**
   * Sends a signal at once, ahead of messages that wait, with shared memory or ports to hand over. Nothing happens when
   * the link is closed.
   */
  signal({ signal, data }: Signal, handOver?: HandOver): void {
    if (this.#state === 'closed') return
    const ticket = handOver === undefined ? undefined : this.#handover.offer(handOver.content, handOver.transfer)
    const frame = JSON.stringify({ signal, data, ticket })
    if (this.#state === 'open') this.#transmit(frame)
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
    this.#posted = 0
    this.#someMessages = SOME_MESSAGES
    if (this.#hasLongFrames) this.#hasLongFrames = this.blocks.frames.received(this.#outgoing?.framesReceived ?? 0)
    if (this.outbox.flush(this.#transmit)) this.#reactor.flushLater(this)
  }

  /** Whether the peer is worth a ring while there is more to do here. */
  get isRingDue(): boolean {
    return this.#inbox.isHalfHandled
  }

  /** Rings the peer, which waits for slots that were given back. Called by the reactor. */
  ringPeer(): void {
    this.#ring()
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

  /** Takes a frame that has come out of the socket, for `pass`. Called by the reactor. */
  receive(): Promise<RawFrame> {
    return (this.#socket as PairSocket).receive()
  }

  /** Passes on what a frame holds. Called by the reactor. */
  pass(raw: RawFrame): void {
    const sent = textOf(raw)
    if (sent === undefined || this.isClosed) return
    const frame = sent.startsWith(LONG_FRAME) ? this.blocks.frames.get(sent) : sent
    this.#inbox.countFrame()
    if (isSignalFrame(frame)) this.#takeSignal(parseJson(frame) as Signal)
    else {
      this.#receivedChars += frame.length
      this.#inbox.pass(JSON.parse(frame) as unknown[], this.#receiver)
    }
    if (!this.hasFrames) this.#allReceived.wake()
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
    return { returned: this.outbox.takeReturned(), lost: this.#inbox.missing }
  }

  /** Unplugs the link. What waits is not sent; take the remains first. Calling it twice is harmless. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#reactor.remove(this)
    this.#socket?.close()
    this.#handover.close()
    this.outbox.close()
    this.#allReceived.wake()
    if (this.#hasPeerEnded) this.#endMeeting()
  }

  /** The peer has ended, and no longer plugs anything in. */
  #endMeeting(): void {
    if (this.#end === undefined) return
    // A side that has bound has met any peer that was there.
    if (this.#end.role === 'bind') new Meeting(this.#end.meeting).happened()
    else endMeeting(this.#end)
  }

  readonly #sendSoon = (): void => {
    if (this.#socket === undefined) return
    this.#posted += 1
    const some = this.#someMessages
    // A full frame leaves at once, and some messages for a peer with nothing to do: it works while this turn goes on.
    if (this.outbox.fillsFrames) this.flush()
    else if (this.#posted % some === 0 && this.#peerBell?.isIdle === true) {
      this.flush()
      this.#someMessages = MORE_EACH_TIME * some
    } else this.#reactor.flushLater(this)
  }

  /** Sends a frame, counts it in the ledger, and rings. */
  readonly #transmit = (frame: string): void => {
    // Without a high-water mark a send is refused only when the peer has gone; what it has not handled is given back then.
    this.#socket?.send(frame.length < LONG_FRAME_CHARS ? frame : this.#inBlock(frame), this.#countFrame)
    this.#ring()
  }

  #inBlock(frame: string): string {
    this.#hasLongFrames = true
    return this.blocks.frames.put(frame, this.#outgoing?.nextFrame ?? 0)
  }

  #ring(): void {
    this.#inbox.rung()
    if (this.#peerBell?.ring() === true) this.#reactor.peerLooked()
  }

  readonly #countFrame = (): void => this.#outgoing?.frameSent()

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
   * A hello of another incarnation comes from a stranger on this endpoint, which cannot be answered; it is not let in
   * (hazard H4).
   */
  #takeHello(incarnation: unknown): void {
    if (this.#state !== 'greeting' || this.#end === undefined || incarnation !== this.#end.incarnation) return
    new Meeting(this.#end.meeting).happened()
    this.#sendFromNowOn()
    this.flush()
  }

  #sendFromNowOn(): void {
    this.#state = 'open'
    for (const frame of this.#unsentSignals.splice(0)) this.#transmit(frame)
  }
}

/** @throws {SocketError} When there is no socket to be had. */
function openPair({ name, role, endpoint }: LinkEnd): PairSocket {
  const socket = new PairSocket(name)
  try {
    if (role === 'bind') socket.bind(endpoint)
    else socket.connect(endpoint)
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}
