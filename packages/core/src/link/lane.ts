import { Queue } from '../base/collections/fifo-queue.js'
import { type Batch, SlotRuns } from './batches/batch.js'
import type { Block } from './blocks/blocks.js'

/** The bounds of a lane. */
export interface LaneLimits {
  /** The number of its first slot; the others follow. */
  readonly firstSlot: number
  readonly maxMessages: number
  readonly maxBytes: number
}

/**
 * A frame that is being written, without its brackets: `slot,body,slot,body,…`. Instead of a slot and a body stand
 * `ROWS` and the messages of a batch, as `RowsInFrame`, or `VALUES` and those, as `ValuesInFrame`.
 */
export interface Frame {
  text: string
  /** How many messages it still takes. */
  room: number
  /** How many bytes it still takes; its last message may be larger. */
  roomBytes: number
  /** Called with the slot of each message that goes into it. */
  readonly departed: (slot: number) => void
}

/** A message as it was posted. */
export interface BareMessage {
  /** JSON data, with its values as `decodeValues` reads them. */
  readonly body: unknown
  /** What was handed over with it, or with others. */
  readonly blocks: readonly Block[]
}

/** A message that does not leave. */
export interface DroppedMessage extends BareMessage {
  /** To which it belongs. */
  readonly batch: Batch
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
  readonly #waitingBatches = new Queue<Batch>()
  /** The batch at the end, while it takes more. */
  #open: Batch | undefined
  /** Messages of the first batch that have left. */
  #leftRows = 0
  #waiting = 0
  #waitingBytes = 0
  #sendings = 0
  #dropped = 0
  /** The key of the last message that has left, of those that have one. */
  #lastKey = 0
  /** Keys of waiting messages that were taken back, and those of them whose turn has come. */
  readonly #unwanted = new Set<number>()
  #takenBack: DroppedMessage[] = []
  // What the peer has, by slot; slots are taken again in any order, so the order of sending is kept separately.
  readonly #sent: (Batch | undefined)[] = []
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

  /** The batch at the end, if more can be added to it. */
  get open(): Batch | undefined {
    return this.#open?.takesMore === true ? this.#open : undefined
  }

  /** Adds messages at the end, to which no others are added. */
  add(batch: Batch): void {
    this.#close()
    this.#count(batch)
    this.#waitingBatches.add(batch)
  }

  /** Adds messages before all that wait. */
  addFirst(batch: Batch): void {
    if (this.#leftRows > 0) throw new Error('A batch of which a part has left cannot give way')
    this.#count(batch)
    this.#waitingBatches.addFirst(batch)
  }

  /** A message was added to a batch that is at the end, or begins there with it. */
  grew(batch: Batch, bytes: number): void {
    this.#waiting += 1
    this.#waitingBytes += bytes
    if (batch === this.#open) return
    this.#close()
    this.#open = batch
    this.#waitingBatches.add(batch)
  }

  /**
   * Writes what waits into a frame, as far as the frame and the window have room. A message that is larger than all
   * room travels alone.
   *
   * @param sentByOthers How many messages other lanes have sent, for the order of all.
   */
  write(frame: Frame, sentByOthers: number): void {
    for (
      let batch = this.#first();
      batch !== undefined && frame.room > 0 && frame.roomBytes > 0;
      batch = this.#first()
    ) {
      if (this.#unwanted.size > 0 && this.#leaveOut(batch)) continue
      const text = this.#text(batch, frame, sentByOthers)
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
  takenBack(): readonly DroppedMessage[] {
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
    const place = this.#sent.findIndex((batch, at) => batch?.key(this.#sentRow[at] as number) === key)
    return place < 0 ? -1 : this.#limits.firstSlot + place
  }

  /** Takes the slot of a message back, which the peer has handled. */
  free(slot: number): Batch {
    const place = slot - this.#limits.firstSlot
    const batch = this.#sent[place] as Batch
    this.#sent[place] = undefined
    this.#unhandledBytes -= batch.rowBytes
    this.#freePlaces.add(place)
    return batch
  }

  /** What the peer has. */
  *allSent(): Generator<SentMessage> {
    for (const [place, batch] of this.#sent.entries()) {
      if (batch !== undefined)
        yield {
          ...bareOf(batch, this.#sentRow[place] as number),
          slot: this.#limits.firstSlot + place,
          order: this.#sentOrder[place] as number,
        }
    }
  }

  /** Takes the first message, so that it is not sent; undefined when nothing waits. */
  drop(): DroppedMessage | undefined {
    const batch = this.#first()
    if (batch === undefined) return undefined
    const message = { ...bareOf(batch, this.#leftRows), batch }
    this.#dropped += 1
    this.#leave(batch)
    return message
  }

  /** Takes all slots back. */
  freeAll(): void {
    this.#unhandledBytes = 0
    this.#sent.length = 0
    while (this.#freePlaces.take() !== undefined);
  }

  #count(batch: Batch): void {
    batch.close()
    this.#waiting += batch.rows
    this.#waitingBytes += batch.rows * batch.rowBytes
  }

  /** From here on each row counts with the mean of all. */
  #close(): void {
    const batch = this.#open
    if (batch === undefined) return
    this.#open = undefined
    this.#waitingBytes += batch.close()
  }

  /** The first of what waits, of which nothing is added to any more; undefined when nothing waits. */
  #first(): Batch | undefined {
    const batch = this.#waitingBatches.peek()
    if (batch === this.#open) this.#close()
    return batch
  }

  /** What is left of a batch, as far as there is room; undefined when the window is full. */
  #text(batch: Batch, frame: Frame, sentByOthers: number): string | undefined {
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
    return batch.text(first, row - first, slots)
  }

  /** Drops the first message if it was taken back. Returns whether it was. */
  #leaveOut(batch: Batch): boolean {
    const key = batch.key(this.#leftRows)
    if (!this.#unwanted.delete(key)) return false
    if (key > 0) this.#lastKey = key
    const message = this.drop()
    if (message !== undefined) this.#takenBack.push(message)
    return true
  }

  /** Takes a slot for the first message; -1 when the window has no room for it. */
  #send(batch: Batch, frame: Frame, sentByOthers: number): number {
    const bytes = batch.rowBytes
    const place = this.#takePlace(bytes)
    if (place < 0) return -1
    this.#sent[place] = batch
    this.#sentRow[place] = this.#leftRows
    this.#sentOrder[place] = sentByOthers + this.#sendings
    this.#leave(batch)
    this.#unhandledBytes += bytes
    this.#sendings += 1
    frame.room -= 1
    frame.roomBytes -= bytes
    const slot = this.#limits.firstSlot + place
    frame.departed(slot)
    return slot
  }

  /** One message of the first batch leaves. */
  #leave(batch: Batch): void {
    this.#waiting -= 1
    this.#waitingBytes -= batch.rowBytes
    if (++this.#leftRows < batch.rows) return
    this.#leftRows = 0
    this.#waitingBatches.take()
  }

  #takePlace(bytes: number): number {
    const { maxMessages, maxBytes } = this.#limits
    if (this.#unhandledBytes > 0 && this.#unhandledBytes + bytes > maxBytes) return -1
    return this.#freePlaces.take() ?? (this.#sent.length < maxMessages ? this.#sent.length : -1)
  }
}

function bareOf(batch: Batch, row: number): BareMessage {
  return { body: batch.body(row), blocks: batch.handedOver }
}
