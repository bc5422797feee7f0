import { Queue } from '../base/values/fifo-queue.js'
import { LINK_LIMITS } from '../base/values/limits.js'
import type { Block } from './blocks/blocks.js'
import { RowBatch, ROWS, SlotRuns } from './row-batch.js'

/** The bounds of a lane. */
export interface LaneLimits {
  /** The number of its first slot; the others follow. */
  readonly firstSlot: number
  readonly maxMessages: number
  readonly maxBytes: number
}

/**
 * A frame that is being written, without its brackets: `slot,body,slot,body,…`. Instead of a slot and a body stand
 * `ROWS` and the messages of a batch, as `RowsInFrame`.
 */
export interface Frame {
  text: string
  /** How many messages it still takes. */
  room: number
  /** Called with the slot of each message that goes into it. */
  readonly departed: (slot: number) => void
}

/** A message that travels by itself. */
interface TextMessage {
  /** JSON text. */
  readonly body: string
  readonly blocks: readonly Block[] | undefined
  readonly bytes: number
  /** The key by which it can be taken back before it leaves; 0 for none. */
  readonly key: number
}

/** What a lane holds: texts, and messages that were put together. */
type LaneItem = TextMessage | RowBatch

/** A message as it was posted, by itself or as a row. */
export interface BareMessage {
  /** JSON data. */
  readonly body: unknown
  readonly blocks: readonly Block[] | undefined
}

/** A message that the peer has. */
export interface SentMessage extends BareMessage {
  readonly slot: number
  /** How many had been sent before. */
  readonly order: number
}

/**
 * Messages of one kind on their way to one peer: those that wait for a slot, and those that have one for as long as the
 * peer has not handled them. It does no IO.
 */
export class Lane {
  readonly #limits: LaneLimits
  readonly #items = new Queue<LaneItem>()
  /** The batch at the end, while it takes more. */
  #open: RowBatch | undefined
  /** Rows of the first item that have left. */
  #leftRows = 0
  #waiting = 0
  #waitingBytes = 0
  #sendings = 0
  #dropped = 0
  /** The key of the last message that has left, of those that have one. */
  #lastKey = 0
  /** Keys of waiting messages that were taken back, and those of them whose turn has come. */
  readonly #unwanted = new Set<number>()
  #takenBack: BareMessage[] = []
  // What the peer has, by slot; slots are taken again in any order, so the order of sending is kept separately.
  readonly #sent: (LaneItem | undefined)[] = []
  readonly #sentRow: number[] = []
  readonly #sentOrder: number[] = []
  /** In the order in which they came back, so that runs of slots stay together. */
  readonly #freePlaces = new Queue<number>()
  #unhandledBytes = 0

  constructor(limits: LaneLimits) {
    this.#limits = limits
  }

  /** Messages that wait for a slot or a flush. */
  get waiting(): number {
    return this.#waiting
  }

  /** Bytes of them. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Messages that have ever taken a slot. */
  get sendings(): number {
    return this.#sendings
  }

  /** Messages that wait no more: they have taken a slot, or were dropped. */
  get left(): number {
    return this.#sendings + this.#dropped
  }

  /** Messages that have a slot. */
  get unhandled(): number {
    return this.#sent.length - this.#freePlaces.size
  }

  /** Bytes of them. */
  get unhandledBytes(): number {
    return this.#unhandledBytes
  }

  /** Adds a message at the end. */
  add(body: string, blocks: readonly Block[] | undefined, key: number): void {
    this.#close()
    this.#items.add(this.#counted(body, blocks, key))
  }

  /** Adds a message before all that wait. */
  addFirst(body: string, blocks: readonly Block[] | undefined, key: number): void {
    if (this.#leftRows > 0) throw new Error('A batch of which a part has left cannot give way')
    this.#items.addFirst(this.#counted(body, blocks, key))
  }

  /** Adds a message at the end, to a batch that is there or begins with it. */
  addRow(batch: RowBatch, cells: readonly unknown[], bytes: number): void {
    batch.add(cells, bytes)
    this.#waiting += 1
    this.#waitingBytes += bytes
    if (batch === this.#open) return
    this.#close()
    this.#open = batch
    this.#items.add(batch)
  }

  /**
   * Writes what waits into a frame, as far as the frame and the window have room. A message that is larger than all
   * room travels alone.
   *
   * @param sentByOthers How many messages other lanes have sent, for the order of all.
   */
  write(frame: Frame, sentByOthers: number): void {
    for (
      let item = this.#first();
      item !== undefined && frame.room > 0 && frame.text.length < LINK_LIMITS.frameChars;
      item = this.#first()
    ) {
      if (this.#unwanted.size > 0 && this.#leaveOut(item)) continue
      const text =
        item instanceof RowBatch ? this.#rows(item, frame, sentByOthers) : this.#text(item, frame, sentByOthers)
      if (text === undefined) break
      frame.text += frame.text === '' ? text : `,${text}`
    }
    // What was taken back and is not here was on another link.
    if (this.#unwanted.size > 0 && this.#waiting === 0) this.#unwanted.clear()
  }

  /**
   * Takes a message back by its key, if it waits. Returns whether it does: it will not leave. Keys only grow, in the
   * order in which messages leave.
   */
  takeBack(key: number): boolean {
    if (this.#waiting === 0 || key <= this.#lastKey) return false
    this.#unwanted.add(key)
    return true
  }

  /** Gives the messages that were taken back and whose turn has come since the last call. */
  takenBack(): readonly BareMessage[] {
    const takenBack = this.#takenBack
    if (takenBack.length > 0) this.#takenBack = []
    return takenBack
  }

  /** Which one of a batch has a slot. */
  rowAt(slot: number): number {
    return this.#sentRow[slot - this.#limits.firstSlot] as number
  }

  /** The slot of the message with a key; -1 when it has none. */
  slotOf(key: number): number {
    const place = this.#sent.findIndex(
      (item, at) =>
        item !== undefined && (item instanceof RowBatch ? item.key(this.#sentRow[at] as number) : item.key) === key,
    )
    return place < 0 ? -1 : this.#limits.firstSlot + place
  }

  /** Takes the slot of a message back, which the peer has handled. */
  free(slot: number): LaneItem {
    const place = slot - this.#limits.firstSlot
    const item = this.#sent[place] as LaneItem
    this.#sent[place] = undefined
    this.#unhandledBytes -= bytesOf(item)
    this.#freePlaces.add(place)
    return item
  }

  /** What the peer has. */
  *allSent(): Generator<SentMessage> {
    for (const [place, item] of this.#sent.entries()) {
      if (item !== undefined)
        yield {
          ...bareOf(item, this.#sentRow[place] as number),
          slot: this.#limits.firstSlot + place,
          order: this.#sentOrder[place] as number,
        }
    }
  }

  /** Takes the first message, so that it is not sent; undefined when nothing waits. */
  drop(): BareMessage | undefined {
    const item = this.#first()
    if (item === undefined) return undefined
    const message = bareOf(item, this.#leftRows)
    this.#dropped += 1
    this.#leave(item, bytesOf(item))
    return message
  }

  /** Takes all slots back. */
  freeAll(): void {
    this.#unhandledBytes = 0
    this.#sent.length = 0
    while (this.#freePlaces.take() !== undefined);
  }

  #counted(body: string, blocks: readonly Block[] | undefined, key: number): TextMessage {
    flatten(body)
    let bytes = body.length
    if (blocks !== undefined) for (const block of blocks) bytes += block.sizeBytes
    this.#waiting += 1
    this.#waitingBytes += bytes
    return { body, blocks, bytes, key }
  }

  /** From here on each row counts with the mean of all. */
  #close(): void {
    const batch = this.#open
    if (batch === undefined) return
    this.#open = undefined
    this.#waitingBytes += batch.close()
  }

  /** The first of what waits, of which nothing is added to any more; undefined when nothing waits. */
  #first(): LaneItem | undefined {
    const item = this.#items.peek()
    if (item === this.#open) this.#close()
    return item
  }

  /** One text; undefined when the window is full. */
  #text(item: TextMessage, frame: Frame, sentByOthers: number): string | undefined {
    const slot = this.#send(item, frame, sentByOthers)
    if (slot < 0) return undefined
    if (item.key > 0) this.#lastKey = item.key
    return `${slot},${item.body}`
  }

  /** What is left of a batch, as far as there is room; undefined when the window is full. */
  #rows(batch: RowBatch, frame: Frame, sentByOthers: number): string | undefined {
    const first = this.#leftRows
    const end = Math.min(batch.rows, first + frame.room)
    const slots = new SlotRuns()
    let row = first
    for (; row < end; row++) {
      if (this.#unwanted.size > 0 && this.#unwanted.has(batch.key(row))) break
      const slot = this.#send(batch, frame, sentByOthers)
      if (slot < 0) break
      slots.add(slot)
    }
    if (row === first) return undefined
    const key = batch.key(row - 1)
    if (key > 0) this.#lastKey = key
    return `${ROWS},${batch.text(first, row - first, slots)}`
  }

  /** Drops the first message if it was taken back. Returns whether it was. */
  #leaveOut(item: LaneItem): boolean {
    const key = item instanceof RowBatch ? item.key(this.#leftRows) : item.key
    if (!this.#unwanted.delete(key)) return false
    if (key > 0) this.#lastKey = key
    const message = this.drop()
    if (message !== undefined) this.#takenBack.push(message)
    return true
  }

  /** Takes a slot for the first message; -1 when the window has no room for it. */
  #send(item: LaneItem, frame: Frame, sentByOthers: number): number {
    const bytes = bytesOf(item)
    const place = this.#takePlace(bytes)
    if (place < 0) return -1
    this.#sent[place] = item
    this.#sentRow[place] = this.#leftRows
    this.#sentOrder[place] = sentByOthers + this.#sendings
    this.#leave(item, bytes)
    this.#unhandledBytes += bytes
    this.#sendings += 1
    frame.room -= 1
    const slot = this.#limits.firstSlot + place
    frame.departed(slot)
    return slot
  }

  /** One message of the first item leaves. */
  #leave(item: LaneItem, bytes: number): void {
    this.#waiting -= 1
    this.#waitingBytes -= bytes
    if (item instanceof RowBatch && ++this.#leftRows < item.rows) return
    this.#leftRows = 0
    this.#items.take()
  }

  #takePlace(bytes: number): number {
    const { maxMessages, maxBytes } = this.#limits
    if (this.#unhandledBytes > 0 && this.#unhandledBytes + bytes > maxBytes) return -1
    return this.#freePlaces.take() ?? (this.#sent.length < maxMessages ? this.#sent.length : -1)
  }
}

/** A message of an item, as JSON data. */
export function bodyOf(item: LaneItem, row: number): unknown {
  return item instanceof RowBatch ? item.body(row) : JSON.parse(item.body)
}

function bareOf(item: LaneItem, row: number): BareMessage {
  return { body: bodyOf(item, row), blocks: item instanceof RowBatch ? undefined : item.blocks }
}

/** Bytes of each message of an item. */
function bytesOf(item: LaneItem): number {
  return item instanceof RowBatch ? item.rowBytes : item.bytes
}

/**
 * V8 keeps a text as the tree of parts that it was put together from, in five times the memory, until code reads it. It
 * may wait here, and then at the peer, for long.
 */
function flatten(body: string): void {
  body.charCodeAt(0)
}
