import { throwUncaught } from '../base/errors/uncaught.js'
import type { Ledger } from './ledger.js'
import type { LinkReceiver } from './link-receiver.js'
import { ROWS, type RowsInFrame } from './row-batch.js'

/** What a thread gets from one peer, counted against the peer's ledger. It does no IO. */
export class Inbox {
  #ledger: Ledger | undefined
  #frames = 0
  #received = 0

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
      else {
        try {
          receiver.message(frame[at + 1], slot)
        } catch (error) {
          throwUncaught(error)
        }
      }
    }
  }

  #passRows([heading, slots, cells]: RowsInFrame, receiver: LinkReceiver): void {
    const width = cells.length / rowsIn(slots)
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

  /** Marks a message as handled. Returns whether the peer waits to be rung for it. */
  finish(slot: number): boolean {
    const ledger = this.#ledger
    if (ledger === undefined) return false
    ledger.finish(slot)
    const wish = ledger.wished
    return wish === 'at-each' || (wish === 'when-all-are' && ledger.handled === (this.#received | 0))
  }
}

function messagesIn(frame: readonly unknown[]): number {
  let messages = 0
  for (let at = 0; at < frame.length; at += 2)
    messages += frame[at] === ROWS ? rowsIn((frame[at + 1] as RowsInFrame)[1]) : 1
  return messages
}

function rowsIn(slots: readonly number[]): number {
  let rows = 0
  for (let at = 1; at < slots.length; at += 2) rows += slots[at] as number
  return rows
}
