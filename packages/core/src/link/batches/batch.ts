import type { Block } from '../blocks/blocks.js'

/** A batch is kept until all of its messages are handled, so one that takes long does not keep much. */
const MOST_ROWS = 256
const MOST_BYTES = 256 * 1024

/** Messages on their way to one peer that were put together, or one that travels by itself. */
export abstract class Batch {
  #rows = 0
  #bytes = 0
  #rowBytes = 0
  #isClosed = false
  #gone = 0

  /** How many messages it holds. */
  get rows(): number {
    return this.#rows
  }

  /** Bytes of each, about, when no more are added: the mean. */
  get rowBytes(): number {
    return this.#rowBytes
  }

  /** Whether another message can be added: it is not large, and nothing was posted behind it, nor has any of it left. */
  get takesMore(): boolean {
    return !this.#isClosed && this.#rows < MOST_ROWS && this.#bytes < MOST_BYTES
  }

  /** Blocks that were handed over with its messages, and that come back with them. */
  abstract readonly handedOver: readonly Block[]

  /** The key by which a message can be taken back before it leaves; 0 for none. */
  abstract key(row: number): number

  /** A message as it was posted: JSON data, with its values as `decodeValues` reads them. */
  abstract body(row: number): unknown

  /** So many of its messages as they stand in a frame, which takes some slots for them. */
  abstract text(fromRow: number, rows: number, slots: SlotRuns): string

  /** Nothing more is added. Returns by how many bytes all messages together are taken for larger than they are. */
  close(): number {
    if (this.#isClosed) return 0
    this.#isClosed = true
    this.#rowBytes = Math.ceil(this.#bytes / this.#rows)
    return this.#rowBytes * this.#rows - this.#bytes
  }

  /** One of its messages was handled, or will not leave. Returns the blocks that are free with that. */
  freed(): readonly Block[] {
    this.#gone += 1
    return this.#gone === this.#rows ? this.takeBlocks() : []
  }

  /** A message was added. */
  protected added(bytes: number): void {
    this.#rows += 1
    this.#bytes += bytes
  }

  /** Gives away the blocks that its messages were in. */
  protected abstract takeBlocks(): readonly Block[]
}

/**
 * Slots in the order of their messages, as `[first, count, first, count, …]`: more often than not they follow each
 * other.
 */
export class SlotRuns {
  readonly numbers: number[] = []
  #next = -1

  add(slot: number): void {
    const { numbers } = this
    if (slot === this.#next) numbers[numbers.length - 1] = (numbers[numbers.length - 1] as number) + 1
    else numbers.push(slot, 1)
    this.#next = slot + 1
  }
}

/** How many slots there are. */
export function slotsIn(runs: readonly number[]): number {
  let slots = 0
  for (let at = 1; at < runs.length; at += 2) slots += runs[at] as number
  return slots
}
