import { throwUncaught } from '../base/errors/uncaught.js'
import { readBlock } from '../codec/block-form.js'
import { readText } from '../codec/text-form.js'
import { BlockBinaries, type BinariesInFrame } from './batches/batch-binaries.js'
import { BatchValues } from './batches/batch-values.js'
import { slotsIn } from './batches/batch.js'
import type { Head } from './batches/message-format.js'
import { ROWS, type RowsInFrame } from './batches/row-batch.js'
import { isInBlock, VALUES, type ValuesInFrame } from './batches/values-batch.js'
import type { BlockBorrower } from './blocks/blocks.js'
import type { Ledger } from './ledger.js'
import type { LinkReceiver } from './link-receiver.js'

const NO_BINARIES: BinariesInFrame = [[], []]

/** What a thread gets from one peer, counted against the peer's ledger. It does no IO. */
export class Inbox {
  #ledger: Ledger | undefined
  #frames = 0
  #received = 0
  /** Messages that were handled since the peer was rung. */
  #handledSinceRing = 0
  readonly #find: BlockBorrower['find']

  /** @param find Finds a block of the peer. */
  constructor(find: BlockBorrower['find']) {
    this.#find = find
  }

  /** Gives the inbox the account of its link, without which nothing arrives. */
  open(ledger: Ledger): void {
    this.#ledger = ledger
  }

  /** Whether a frame of the peer waits to be received. */
  get hasFrames(): boolean {
    return this.#ledger !== undefined && this.#ledger.frames !== this.#frames
  }

  /** The number of the last frame that was sent; it wraps around at 2^32. */
  get lastFrame(): number {
    return this.#ledger?.frames ?? 0
  }

  /**
   * Whether a frame was not received yet.
   *
   * @param frame Its number.
   */
  lacks(frame: number): boolean {
    return ((frame - this.#frames) | 0) > 0
  }

  /** Messages that have arrived. */
  get received(): number {
    return this.#received
  }

  /** Messages that the peer has accepted for this side and that never arrived here. */
  get missing(): number {
    return this.#ledger === undefined ? 0 : (this.#ledger.accepted - this.#received) | 0
  }

  /** Counts a frame as received. */
  countFrame(): void {
    this.#frames = (this.#frames + 1) | 0
    this.#ledger?.received(this.#frames)
  }

  /**
   * Passes on the messages of a frame `[slot, body, slot, body, …]`, and rows among them. One that throws does not keep
   * the others back.
   */
  pass(frame: readonly unknown[], receiver: LinkReceiver): void {
    this.#received += messagesIn(frame)
    for (let at = 0; at < frame.length; at += 2) {
      const slot = frame[at] as number
      if (slot === ROWS) this.#passRows(frame[at + 1] as RowsInFrame, receiver)
      else if (slot === VALUES) this.#passValues(frame[at + 1] as ValuesInFrame, receiver)
      else {
        try {
          receiver.message(frame[at + 1], slot)
        } catch (error) {
          throwUncaught(error)
        }
      }
    }
  }

  #passValues([slots, heads, keys, content, binaries]: ValuesInFrame, receiver: LinkReceiver): void {
    const values = this.#valuesOf(content, heads.length, binaries)
    let head: Head = []
    let row = 0
    for (let at = 0; at < slots.length; at += 2) {
      const first = slots[at] as number
      const end = first + (slots[at + 1] as number)
      for (let slot = first; slot < end; slot++, row++) {
        if (heads[row] !== 0) head = heads[row] as Head
        try {
          receiver.message(receiver.format?.body(head, keys[row] as number, values.of(row)), slot)
        } catch (error) {
          throwUncaught(error)
        }
      }
    }
  }

  #valuesOf(
    content: ValuesInFrame[3],
    messages: number,
    [handles, places]: BinariesInFrame = NO_BINARIES,
  ): BatchValues {
    const spaces = handles.map(handle => this.#find(handle))
    const binaries = new BlockBinaries(spaces, places)
    if (!isInBlock(content)) {
      const parts = { parts: readText(content)[0], codesFrom: 0, numbersFrom: 0 }
      return new BatchValues(() => parts, messages, binaries)
    }
    const [block, layout] = content
    const space = this.#find(block)
    return new BatchValues(() => readBlock(layout, space), messages, binaries)
  }

  #passRows([heading, slots, cells]: RowsInFrame, receiver: LinkReceiver): void {
    const width = cells.length / slotsIn(slots)
    const take = receiver.rows?.(heading)
    let cell = 0
    for (let at = 0; at < slots.length; at += 2) {
      const first = slots[at] as number
      const end = first + (slots[at + 1] as number)
      for (let slot = first; slot < end; slot++, cell += width) {
        try {
          take?.(cells, cell, slot)
        } catch (error) {
          throwUncaught(error)
        }
      }
    }
  }

  /** Marks a message as begun. Returns false when it may be withdrawn, and was. */
  begin(slot: number, mayBeWithdrawn: boolean): boolean {
    if (mayBeWithdrawn) return this.#ledger?.beginIfWanted(slot) !== false
    this.#ledger?.begin(slot)
    return true
  }

  /** Whether so much room came back for the peer that it is worth to wake it while there is more to handle. */
  get isHalfHandled(): boolean {
    return this.#handledSinceRing >= this.#received - (this.#ledger?.handled ?? 0)
  }

  /** The peer was rung. */
  rung(): void {
    this.#handledSinceRing = 0
  }

  /** Marks a message as handled. Returns whether the peer waits to be rung for it. */
  finish(slot: number): boolean {
    const ledger = this.#ledger
    if (ledger === undefined) return false
    ledger.finish(slot)
    this.#handledSinceRing += 1
    const wish = ledger.wished
    return wish === 'at-each' || (wish === 'when-all-are' && ledger.handled === (this.#received | 0))
  }
}

function messagesIn(frame: readonly unknown[]): number {
  let messages = 0
  for (let at = 0; at < frame.length; at += 2) messages += messagesAt(frame[at] as number, frame[at + 1])
  return messages
}

function messagesAt(slot: number, content: unknown): number {
  if (slot === ROWS) return slotsIn((content as RowsInFrame)[1])
  return slot === VALUES ? slotsIn((content as ValuesInFrame)[0]) : 1
}
