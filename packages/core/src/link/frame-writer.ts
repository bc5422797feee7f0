import { LINK_LIMITS } from '../base/values/limits.js'
import type { BareMessage, Lane, LaneItem } from './lane.js'
import type { Lanes } from './lanes.js'
import type { Ledger } from './ledger.js'
import { RowBatch, ROWS, SlotRuns } from './row-batch.js'

/**
 * Makes frames of what waits: `[slot, body, slot, body, …]` as far as the window allows. Instead of a slot and a body
 * stand `ROWS` and the messages of a batch, as `RowsInFrame`. It does no IO.
 */
export class FrameWriter {
  readonly #lanes: Lanes
  /** Keys of waiting messages that are no longer wanted. */
  readonly #unwanted = new Set<number>()
  #dropped: BareMessage[] = []
  #ledger: Ledger | undefined
  #departed: ((slot: number) => void) | undefined

  constructor(lanes: Lanes) {
    this.#lanes = lanes
  }

  /**
   * Attaches the account. Without one it makes no frames.
   *
   * @param departed Called with the slot of each message that goes into a frame.
   */
  open(ledger: Ledger, departed: ((slot: number) => void) | undefined): void {
    this.#ledger = ledger
    this.#departed = departed
  }

  /** Drops the message with a key, which waits, when its turn comes. */
  dropLater(key: number): void {
    this.#unwanted.add(key)
  }

  /** Takes the messages that were dropped since the last call. */
  takeDropped(): readonly BareMessage[] {
    const dropped = this.#dropped
    if (dropped.length > 0) this.#dropped = []
    return dropped
  }

  /** Makes the next frame, or returns undefined when nothing waits or the window is full. */
  next(): string | undefined {
    if (this.#ledger === undefined) return undefined
    let frame = ''
    let room: number = LINK_LIMITS.frameMessages
    for (const lane of this.#lanes.inOrder) {
      for (
        let item = lane.first();
        item !== undefined && room > 0 && frame.length < LINK_LIMITS.frameChars;
        item = lane.first()
      ) {
        if (this.#unwanted.size > 0 && this.#dropUnwanted(lane, item)) continue
        const before = lane.sendings
        const text = item instanceof RowBatch ? this.#rows(lane, item, room) : this.#text(lane, item)
        if (text === undefined) break
        room -= lane.sendings - before
        frame += frame === '' ? `[${text}` : `,${text}`
      }
    }
    // What was taken back and is not here was on another link.
    if (this.#unwanted.size > 0 && this.#lanes.messages.waiting === 0) this.#unwanted.clear()
    return frame === '' ? undefined : `${frame}]`
  }

  /** Drops the first message if it was taken back. Returns whether it was. */
  #dropUnwanted(lane: Lane, item: LaneItem): boolean {
    const key = lane.keyOf(item)
    if (!this.#unwanted.delete(key)) return false
    lane.leftUpTo(key)
    const dropped = lane.drop()
    if (dropped !== undefined) this.#dropped.push(dropped)
    return true
  }

  /** One text; undefined when the window is full. */
  #text(lane: Lane, item: Exclude<LaneItem, RowBatch>): string | undefined {
    const slot = this.#takeSlot(lane, this.#lanes.sendings)
    if (slot < 0) return undefined
    lane.leftUpTo(item.key)
    return `${slot},${item.body}`
  }

  /** What is left of a batch, as far as there is room; undefined when the window is full. */
  #rows(lane: Lane, batch: RowBatch, room: number): string | undefined {
    const first = lane.firstRow
    const end = Math.min(batch.rows, first + room)
    const slots = new SlotRuns()
    let row = first
    for (let order = this.#lanes.sendings; row < end; row++, order++) {
      if (this.#unwanted.size > 0 && this.#unwanted.has(batch.key(row))) break
      const slot = this.#takeSlot(lane, order)
      if (slot < 0) break
      slots.add(slot)
    }
    if (row > first) lane.leftUpTo(batch.key(row - 1))
    return row === first ? undefined : `${ROWS},${batch.text(first, row - first, slots)}`
  }

  /** A slot for the first message of a lane; -1 when its window is full. */
  #takeSlot(lane: Lane, order: number): number {
    const slot = lane.send(order)
    if (slot < 0) return slot
    this.#ledger?.clear(slot)
    this.#departed?.(slot)
    return slot
  }
}
