import { LINK_LIMITS } from '../base/values/limits.js'
import type { Block } from './blocks/blocks.js'
import { Lane, type LaneItem } from './lane.js'
import type { Ledger } from './ledger.js'
import { RowBatch, ROWS, SlotRuns } from './row-batch.js'

/** How far a message came before its receiver ended. */
export type Progress =
  /** It never left this thread, or nobody looked at it. Sending it again repeats nothing. */
  | 'not-begun'
  /** Its handler ran when the receiver ended: it may have had some of its effects. */
  | 'begun'

/** A message that comes back to its sender, as it was sent. */
export interface Undelivered {
  /** The message: JSON data. */
  readonly body: unknown
  readonly blocks: readonly Block[] | undefined
  readonly progress: Progress
}

/** A place in the stream of what was added: after it comes what was added later. */
export interface Mark {
  readonly messages: number
  readonly replies: number
}

/**
 * What a thread has yet to send to one peer, and what the peer has not handled yet.
 *
 * It makes frames of `[slot, body, slot, body, …]` as far as the window allows, and keeps each message until the peer's
 * ledger says that it was handled. Instead of a slot and a body stand `ROWS` and the messages of a batch, as
 * `RowsInFrame`. It does no IO.
 *
 * Replies have slots of their own and go first: whoever handles messages may have to wait for a reply, and the slots of
 * those messages come back only then.
 */
export class Outbox {
  readonly #release: (blocks: readonly Block[]) => void
  readonly #refused: ((body: unknown) => void) | undefined
  /** Keys of messages that wait and are not wanted any more. */
  readonly #unwanted = new Set<number>()
  #dropped: Undelivered[] = []
  #ledger: Ledger | undefined
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

  /**
   * @param release Is given the shared blocks of each message that was handled.
   * @param refused Is given each message, but no reply, that the peer has finished without having begun it.
   */
  constructor(release: (blocks: readonly Block[]) => void, refused?: (body: unknown) => void) {
    this.#release = release
    this.#refused = refused
  }

  /** Messages that wait for a slot or a flush. */
  get waiting(): number {
    return this.#messages.waiting + this.#replies.waiting
  }

  /** Bytes of them. */
  get waitingBytes(): number {
    return this.#messages.waitingBytes + this.#replies.waitingBytes
  }

  /** Messages that have ever gone into a frame. */
  get sendings(): number {
    return this.#messages.sendings + this.#replies.sendings
  }

  /** Messages that the peer has and has not handled, as far as the outbox has settled. */
  get unhandled(): number {
    return this.#messages.unhandled + this.#replies.unhandled
  }

  /** Bytes of them, which are kept here. */
  get unhandledBytes(): number {
    return this.#messages.unhandledBytes + this.#replies.unhandledBytes
  }

  /** The end of what was added until now. */
  get mark(): Mark {
    const [messages, replies] = [this.#messages, this.#replies].map(lane => lane.left + lane.waiting) as [
      number,
      number,
    ]
    return { messages, replies }
  }

  /** Whether everything before a mark has gone into a frame. */
  hasSent(mark: Mark): boolean {
    return this.#messages.left >= mark.messages && this.#replies.left >= mark.replies
  }

  /** Gives the outbox the account of its link, without which nothing can be sent. */
  open(ledger: Ledger): void {
    this.#ledger = ledger
  }

  /**
   * Adds a message.
   *
   * @param key By which it can be taken back before it leaves: keys grow in the order of adding. Default: it cannot.
   */
  add(body: string, blocks: readonly Block[] | undefined, key = 0): void {
    this.#messages.add(body, blocks, key)
  }

  /** Adds a message before all that wait. */
  addFirst(body: string, blocks: readonly Block[] | undefined, key = 0): void {
    this.#messages.addFirst(body, blocks, key)
  }

  /** Adds a reply. */
  addReply(body: string, blocks: readonly Block[] | undefined): void {
    this.#replies.add(body, blocks, 0)
  }

  /** Adds a message, or a reply, to a batch. */
  addRow(batch: RowBatch, cells: readonly unknown[], bytes: number): void {
    const lane = batch.shape.lane === 'messages' ? this.#messages : this.#replies
    lane.addRow(batch, cells, bytes)
  }

  /**
   * Takes a message back by its key. Returns whether it has not left, and will not: when its turn comes it is among
   * those that were dropped. Of one that has left the ledger says that it is withdrawn.
   */
  takeBack(key: number): boolean {
    const lane = this.#messages
    if (lane.waiting > 0 && !lane.hasLeft(key)) {
      this.#unwanted.add(key)
      return true
    }
    const slot = lane.slotOf(key)
    if (slot >= 0) this.#ledger?.withdraw(slot)
    return false
  }

  /** Takes the messages whose turn came after they were taken back. */
  takeDropped(): readonly Undelivered[] {
    const dropped = this.#dropped
    if (dropped.length > 0) this.#dropped = []
    return dropped
  }

  /** Makes the next frame, or returns undefined when nothing waits or the window is full. */
  nextFrame(): string | undefined {
    if (this.#ledger === undefined) return undefined
    let frame = ''
    let room: number = LINK_LIMITS.frameMessages
    for (const lane of [this.#replies, this.#messages]) {
      for (
        let item = lane.first();
        item !== undefined && room > 0 && frame.length < LINK_LIMITS.frameChars;
        item = lane.first()
      ) {
        if (this.#unwanted.size > 0 && this.#dropUnwanted(lane, item)) continue
        const before = this.sendings
        const text = item instanceof RowBatch ? this.#sendRows(lane, item, room) : this.#sendText(lane, item)
        if (text === undefined) break
        room -= this.sendings - before
        frame += frame === '' ? `[${text}` : `,${text}`
      }
    }
    // What was taken back and is not here was on another link.
    if (this.#unwanted.size > 0 && this.#messages.waiting === 0) this.#unwanted.clear()
    return frame === '' ? undefined : `${frame}]`
  }

  /** Frees the slots of all that the peer has handled since. Returns how many. */
  settle(): number {
    const ledger = this.#ledger
    if (ledger === undefined) return 0
    let settled = 0
    for (let slot = ledger.takeHandled(); slot >= 0; slot = ledger.takeHandled()) {
      const isReply = slot >= LINK_LIMITS.windowMessages
      const item = (isReply ? this.#replies : this.#messages).free(slot)
      if (!isReply && !ledger.hasBegun(slot)) this.#refused?.(bodyOf(item, this.#messages.rowAt(slot)))
      if (!(item instanceof RowBatch) && item.blocks !== undefined) this.#release(item.blocks)
      settled += 1
    }
    return settled
  }

  /**
   * Gives back what the peer never handled, in the order of sending, and empties the outbox. For when the peer has
   * ended.
   */
  takeUndelivered(): Undelivered[] {
    this.settle()
    const sent = [...this.#replies.allSent(), ...this.#messages.allSent()].toSorted((a, b) => a.order - b.order)
    const returned = sent.map(({ slot, item, row }) =>
      undelivered(item, row, this.#ledger?.hasBegun(slot) === true ? 'begun' : 'not-begun'),
    )
    for (const lane of [this.#replies, this.#messages]) {
      for (let item = lane.first(); item !== undefined; item = lane.first()) {
        returned.push(undelivered(item, lane.firstRow, 'not-begun'))
        lane.drop()
      }
      lane.freeAll()
    }
    return returned
  }

  /** Drops the first message if it was taken back. Returns whether it was. */
  #dropUnwanted(lane: Lane, item: LaneItem): boolean {
    const key = lane.keyOf(item)
    if (!this.#unwanted.delete(key)) return false
    this.#dropped.push(undelivered(item, lane.firstRow, 'not-begun'))
    lane.leftUpTo(key)
    lane.drop()
    return true
  }

  /** Sends one text; undefined when the window is full. */
  #sendText(lane: Lane, item: Exclude<LaneItem, RowBatch>): string | undefined {
    const slot = lane.send(this.sendings)
    if (slot < 0) return undefined
    lane.leftUpTo(item.key)
    this.#ledger?.clear(slot)
    return `${slot},${item.body}`
  }

  /** Sends what is left of a batch, as far as there is room; undefined when the window is full. */
  #sendRows(lane: Lane, batch: RowBatch, room: number): string | undefined {
    const first = lane.firstRow
    const end = Math.min(batch.rows, first + room)
    const slots = new SlotRuns()
    let row = first
    for (let order = this.sendings; row < end; row++, order++) {
      if (this.#unwanted.size > 0 && this.#unwanted.has(batch.key(row))) break
      const slot = lane.send(order)
      if (slot < 0) break
      this.#ledger?.clear(slot)
      slots.add(slot)
    }
    if (row > first) lane.leftUpTo(batch.key(row - 1))
    return row === first ? undefined : `${ROWS},${batch.text(first, row - first, slots)}`
  }
}

function undelivered(item: LaneItem, row: number, progress: Progress): Undelivered {
  return { body: bodyOf(item, row), blocks: item instanceof RowBatch ? undefined : item.blocks, progress }
}

function bodyOf(item: LaneItem, row: number): unknown {
  return item instanceof RowBatch ? item.body(row) : JSON.parse(item.body)
}
