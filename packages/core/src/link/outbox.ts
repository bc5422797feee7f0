import { MessageTooLargeError, PipeClosedError, PipeFullError } from '../base/errors/errors.js'
import { guarded } from '../base/errors/uncaught.js'
import { optimisations } from '../base/runtime/optimisations.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import { Waiters } from '../base/values/waiters.js'
import { encodeValues } from '../codec/codec.js'
import type { CodecExtension } from '../codec/extension.js'
import { words } from '../words/this-thread.js'
import type { Head, MessageFormat } from './batches/message-format.js'
import type { RowBatch } from './batches/row-batch.js'
import { TextMessage } from './batches/text-message.js'
import { ValuesBatch } from './batches/values-batch.js'
import type { BlockExchange } from './blocks/block-exchange.js'
import { Lane, type BareMessage, type DroppedMessage, type Frame } from './lane.js'
import type { Ledger } from './ledger.js'
import type { LinkReceiver, LinkStatistics, Progress, Returned } from './link-receiver.js'

/** What an outbox needs of the shared memory of its link. */
export type OutboxBlocks = Pick<BlockExchange, 'block' | 'takeLent' | 'abandon' | 'release' | 'keep' | 'lentBytes'>

/** What a sender on a link sees of it. */
export type LinkOutbox = Pick<
  Outbox,
  | 'backlog'
  | 'post'
  | 'postValues'
  | 'postRow'
  | 'postAlways'
  | 'postReply'
  | 'postAhead'
  | 'takeBack'
  | 'ready'
  | 'settled'
>

/** Where a message goes, and what bounds it; see `post`, `postReply` and `postAlways`. */
export type Way =
  | 'message'
  | 'reply'
  | 'always'
  /**
   * Before all others that wait, but for replies, also beyond the limit of the backlog. For what another link has given
   * back, from the last to the first, before this one is open.
   */
  | 'ahead'

/** What an outbox has of its link. */
export interface OutboxOptions {
  /** That of the link, for errors. */
  readonly name: string
  readonly blocks: OutboxBlocks
  /** Is given what comes back while the link is open. */
  readonly receiver: Pick<LinkReceiver, 'refused' | 'dropped'>
  /** Is called when a message was accepted. */
  readonly accepted: () => void
  /** How its messages look that have values. Default: none have. */
  readonly format?: MessageFormat | undefined
  /** Whether the peer takes batches. Else each message travels as text by itself. */
  readonly sendsBatches: boolean
  /** Bytes of the largest text that can travel. Default: there is no limit. */
  readonly maxTextBytes?: number
  /** Messages that have left and still count as backlog. Default: none do. */
  readonly underWay?: () => number
}

/**
 * What one side of a link sends: accepted messages that wait, those that the peer has not handled yet, the callers that
 * wait for room, and the account of all that.
 *
 * Until it is opened, what waits is held by this thread and dies with it; from then on it is in the ledger of the link.
 * Replies have slots of their own and overtake messages.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #messages = new Lane({
    firstSlot: 0,
    maxMessages: LINK_LIMITS.windowMessages,
    maxBytes: LINK_LIMITS.windowBytes,
  })
  readonly #replies = new Lane({
    firstSlot: LINK_LIMITS.windowMessages,
    maxMessages: LINK_LIMITS.windowReplies,
    maxBytes: LINK_LIMITS.windowBytes,
  })
  /** Replies go first: a thread that handles messages may have to wait for one, and their slots come back only then. */
  readonly #lanes: readonly Lane[] = [this.#replies, this.#messages]
  readonly #moved = new Waiters()
  #ledger: Ledger | undefined
  /** Takes the slot of each message that goes into a frame. */
  #departed: ((slot: number) => void) | undefined
  #isClosed = false
  #awaitsSlots = false
  #sentChars = 0
  /** Bytes that the last flush had no room for. */
  #leftBytes = 0
  #refused = 0

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Messages that wait here for the peer. */
  get backlog(): number {
    return this.#waiting + (this.#options.underWay?.() ?? 0)
  }

  /** Messages that the peer has and has not handled yet. */
  get unhandled(): number {
    this.#settle()
    return this.#messages.unhandled + this.#replies.unhandled
  }

  get statistics(): Omit<LinkStatistics, 'received' | 'receivedBytes'> {
    const { unhandled } = this
    return {
      sent: this.#messages.sendings + this.#replies.sendings,
      sentBytes: this.#sentChars + this.#options.blocks.lentBytes,
      refused: this.#refused,
      waitingToSend: this.#waiting,
      waitingToSendBytes: this.#waitingBytes,
      unhandled,
    }
  }

  /** Whether slots that the peer gives back are awaited here. */
  get awaitsSlots(): boolean {
    return this.#awaitsSlots
  }

  /** Whether what waits fills frames to the last place, or much has come since the last of them. */
  get fillsFrames(): boolean {
    const { frameMessages, frameBytes, busyFrameBytes } = LINK_LIMITS
    const bytes = this.#messages.unhandledBytes < frameBytes ? frameBytes : busyFrameBytes
    return this.#waiting % frameMessages === 0 || this.#waitingBytes - this.#leftBytes >= bytes
  }

  /**
   * Attaches the account. Until now this thread held what waits. It moves inside the gate, so that no kill finds it in
   * both.
   *
   * @param departed Called with the slot of each message that leaves, once the ledger has it.
   */
  open(ledger: Ledger, departed?: (slot: number) => void): void {
    this.#ledger = ledger
    this.#departed = slot => {
      ledger.clear(slot)
      departed?.(slot)
    }
    words.gate.enter()
    try {
      ledger.accept(this.#waiting)
      words.hold(-this.#waiting)
    } finally {
      words.gate.leave()
    }
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
   * @throws {MessageTooLargeError} Here and in all that posts, when the message is too large for another process.
   */
  post(body: string, key = 0): boolean {
    this.#expectOpen()
    this.#expectRoom()
    this.#expectSize(body)
    this.#messages.add(this.#textMessage(body, key))
    return this.#accepted()
  }

  /**
   * Accepts a message with its values. It promises and throws what the ways promise and throw that it goes.
   *
   * @param head What it is besides its values, for the format of the link.
   * @param key As that of `post`; of a reply, a number for its receiver.
   * @throws {NotCloneableError} When values cannot travel.
   */
  postValues(way: Way, head: Head, key: number, values: readonly unknown[], extension?: CodecExtension): boolean {
    const { format, sendsBatches } = this.#options
    if (format === undefined) throw new TypeError('A link without a format has no messages with values')
    if (!sendsBatches || !optimisations.batches || !optimisations.blocks)
      return this.#postText(way, format.text(head, key, encodeValues(values, extension)), key)
    this.#expectOpen()
    if (way === 'message') this.#expectRoom()
    const lane = way === 'reply' ? this.#replies : this.#messages
    const { open } = lane
    const shared = way !== 'ahead' && open instanceof ValuesBatch ? open : undefined
    const written = shared ?? new ValuesBatch(format, this.#options.blocks)
    written.write(values, extension)
    // An accessor in them may have closed the link, or posted something itself.
    if (this.#isClosed) {
      written.takeBack()
      this.#expectOpen()
    }
    const batch = shared !== undefined && (shared.isForOne || lane.open !== shared) ? shared.cutOff() : written
    const bytes = this.#addTo(batch, head, key)
    if (way === 'ahead') lane.addFirst(batch)
    else lane.grew(batch, bytes)
    return this.#accepted()
  }

  /**
   * Accepts a message, or a reply, as a row of a batch: for messages of which many have one shape. It promises, returns
   * and throws what `post` does, or `postReply`.
   *
   * @param batch The one that was posted to last, as long as it takes more, or a new one.
   * @param cells The values of the message.
   * @param bytes How large it is, about.
   */
  postRow(batch: RowBatch, cells: readonly unknown[], bytes: number): boolean {
    if (!this.#options.sendsBatches) return this.#postAlone(batch, cells)
    this.#expectOpen()
    const isReply = batch.shape.lane === 'replies'
    if (!isReply) this.#expectRoom()
    batch.add(cells, bytes)
    const lane = isReply ? this.#replies : this.#messages
    lane.grew(batch, bytes)
    return this.#accepted()
  }

  /** Accepts a message in its turn, also beyond the limit of the backlog. For what belongs to others that were accepted. */
  postAlways(body: string): void {
    this.#expectOpen()
    this.#expectSize(body)
    this.#messages.add(this.#textMessage(body, 0))
    this.#accepted()
  }

  /**
   * Accepts a message that the peer may be waiting for before it can handle others: an answer, or what starts an actor
   * again. It overtakes those, and is accepted also beyond the limit of the backlog: the peer's own limit bounds how
   * many there are.
   */
  postReply(body: string): void {
    this.#expectOpen()
    this.#expectSize(body)
    this.#replies.add(this.#textMessage(body, 0))
    this.#accepted()
  }

  /** Accepts a message that goes ahead; see `Way`. */
  postAhead(body: string, key = 0): void {
    this.#expectOpen()
    this.#expectSize(body)
    this.#messages.addFirst(this.#textMessage(body, key))
    this.#accepted()
  }

  /**
   * Takes a message back by its key. Returns whether it has not left, and will not: `LinkReceiver.dropped` is given it
   * when its turn has come, or it is among the remains. One that has left and was not begun is marked as withdrawn, so
   * that it is not.
   */
  takeBack(key: number): boolean {
    if (this.#messages.takeBack(key)) return true
    const slot = this.#messages.slotOf(key)
    if (slot >= 0) this.#ledger?.withdraw(slot)
    return false
  }

  /**
   * Resolves when the backlog is below so many messages, by default `LINK_LIMITS.backlogMark`, and fewer bytes wait
   * than the mark, or when the link is closed, or when the caller has given up.
   */
  async ready(below: number = LINK_LIMITS.backlogMark, givenUp?: AbortSignal): Promise<void> {
    const isOver = (): boolean => this.#isClosed || givenUp?.aborted === true
    while (!isOver() && !(this.#hasRoom(below) && this.backlog < below)) await this.#moved.wait(givenUp)
  }

  /** Resolves when all that was posted until now has left, or when the link is closed. Later messages do not delay it. */
  async sent(): Promise<void> {
    const ends = this.#lanes.map(lane => ({ lane, end: lane.left + lane.waiting }))
    while (!this.#isClosed && ends.some(({ lane, end }) => lane.left < end)) await this.#moved.wait()
  }

  /** Makes waiting callers check again: there is less under way. */
  moved(): void {
    this.#moved.wake()
  }

  /**
   * Sends what the window allows, and asks the peer to ring when it gives slots back that are needed.
   *
   * @returns Whether it has given some back in between, so that there may be more to send.
   */
  flush(transmit: (frame: string) => void): boolean {
    this.#settle()
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
      this.#sentChars += frame.length
      transmit(frame)
    }
    this.#leftBytes = this.#waitingBytes
    const unhandledBytes = this.#messages.unhandledBytes + this.#replies.unhandledBytes
    const wish = this.#waiting > 0 ? 'at-each' : unhandledBytes > LINK_LIMITS.retainedBytes ? 'when-all-are' : 'never'
    this.#awaitsSlots = wish !== 'never'
    this.#ledger?.wish(wish)
    const hasMore = this.#awaitsSlots && this.#settle() > 0
    this.#moved.wake()
    for (const message of this.#messages.takenBack()) this.#drop(message)
    return hasMore
  }

  /**
   * Gives back what the peer has not handled, in the order of sending, and is empty then. It stays in the account, or
   * this thread's, until it is settled. For when the peer has ended.
   */
  takeReturned(): Returned[] {
    this.#settle()
    const returned = [...this.#replies.allSent(), ...this.#messages.allSent()]
      .toSorted((a, b) => a.order - b.order)
      .map(message => this.#returned(message, this.#ledger?.hasBegun(message.slot) === true ? 'begun' : 'not-begun'))
    for (const lane of this.#lanes) {
      for (let message = lane.drop(); message !== undefined; message = lane.drop())
        returned.push(this.#returned(message, 'not-begun'))
      lane.freeAll()
    }
    return returned
  }

  /**
   * Says that so many of the messages that were given back are dealt with. Until then `unsettledMessages` counts them;
   * what was lost it counts until `writeOffMessages`.
   */
  settled(messages: number): void {
    if (this.#ledger === undefined) words.hold(-messages)
    else this.#ledger.takeBack(messages)
  }

  /** Accepts and sends nothing more. Waiting callers go on. Calling it twice is harmless. */
  close(): void {
    // What waits has no owner from here on.
    if (this.#ledger === undefined && !this.#isClosed) words.hold(-this.#waiting)
    this.#isClosed = true
    this.#moved.wake()
  }

  /** Messages that wait for a slot or a flush. */
  get #waiting(): number {
    return this.#messages.waiting + this.#replies.waiting
  }

  /** Bytes of them. */
  get #waitingBytes(): number {
    return this.#messages.waitingBytes + this.#replies.waitingBytes
  }

  /** Makes the next frame, or returns undefined when nothing waits or the window is full. */
  #nextFrame(): string | undefined {
    if (this.#departed === undefined) return undefined
    const { frameMessages, maxFrameBytes } = LINK_LIMITS
    const frame: Frame = { text: '', room: frameMessages, roomBytes: maxFrameBytes, departed: this.#departed }
    this.#replies.write(frame, this.#messages.sendings)
    this.#messages.write(frame, this.#replies.sendings)
    return frame.text === '' ? undefined : `[${frame.text}]`
  }

  #hasRoom(below: number): boolean {
    return this.#waiting < below && this.#waitingBytes < LINK_LIMITS.backlogMarkBytes
  }

  #expectOpen(): void {
    if (!this.#isClosed) return
    this.#options.blocks.abandon()
    throw new PipeClosedError(this.#options.name)
  }

  #expectRoom(): void {
    const [waiting, waitingBytes] = [this.#waiting, this.#waitingBytes]
    if (waiting < LINK_LIMITS.backlogMessages && waitingBytes < LINK_LIMITS.backlogBytes) return
    this.#refuse()
    throw new PipeFullError(this.#options.name, waiting, waitingBytes)
  }

  #expectSize(body: string): void {
    const { name, maxTextBytes } = this.#options
    // A character takes three bytes at most, so few have to be counted.
    if (maxTextBytes === undefined || 3 * body.length <= maxTextBytes) return
    const sizeBytes = Buffer.byteLength(body)
    if (sizeBytes <= maxTextBytes) return
    this.#refuse()
    throw new MessageTooLargeError(name, sizeBytes, maxTextBytes)
  }

  #refuse(): void {
    this.#refused += 1
    this.#options.blocks.abandon()
  }

  /** Counts a message that was added. Returns whether the next may follow at once. */
  #accepted(): boolean {
    if (this.#ledger === undefined) words.hold(1)
    else this.#ledger.accept(1)
    this.#options.accepted()
    return this.#hasRoom(LINK_LIMITS.backlogMark)
  }

  #addTo(batch: ValuesBatch, head: Head, key: number): number {
    const { blocks } = this.#options
    try {
      const bytes = batch.add(head, key)
      batch.keep(blocks.takeLent() ?? [])
      return bytes
    } catch (error) {
      blocks.abandon()
      if (batch.rows === 0) blocks.release(batch.abandon())
      throw error
    }
  }

  #postText(way: Way, text: string, key: number): boolean {
    if (way === 'message') return this.post(text, key)
    if (way === 'reply') this.postReply(text)
    else if (way === 'always') this.postAlways(text)
    else this.postAhead(text, key)
    return this.#hasRoom(LINK_LIMITS.backlogMark)
  }

  #textMessage(text: string, key: number): TextMessage {
    return new TextMessage(text, key, this.#options.blocks.takeLent() ?? [])
  }

  #postAlone({ shape, label }: RowBatch, cells: readonly unknown[]): boolean {
    const body = JSON.stringify(shape.body(label, cells, 0))
    if (shape.lane === 'messages') return this.post(body, shape.key?.(cells, 0))
    this.postReply(body)
    return this.#hasRoom(LINK_LIMITS.backlogMark)
  }

  /** Frees the slots of all that the peer has handled since. Returns how many. */
  #settle(): number {
    const ledger = this.#ledger
    if (ledger === undefined) return 0
    let settled = 0
    for (let slot = ledger.takeHandled(); slot >= 0; slot = ledger.takeHandled()) {
      const lane = slot < LINK_LIMITS.windowMessages ? this.#messages : this.#replies
      const row = lane.rowAt(slot)
      const batch = lane.free(slot)
      if (lane === this.#messages && !ledger.hasBegun(slot)) this.#options.receiver.refused?.(batch.body(row))
      const freed = batch.freed()
      if (freed.length > 0) this.#options.blocks.release(freed)
      settled += 1
    }
    return settled
  }

  #drop({ body, blocks, batch }: DroppedMessage): void {
    this.#options.blocks.keep(blocks)
    guarded(() => this.#options.receiver.dropped?.(body))
    this.#options.blocks.release(batch.freed())
    this.settled(1)
  }

  #returned({ body, blocks }: BareMessage, progress: Progress): Returned {
    this.#options.blocks.keep(blocks)
    return { body, progress }
  }
}
