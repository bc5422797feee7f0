/**
 * What messages have in common that differ in a few values alone. Whoever sends them makes it, once, and whoever
 * receives them finds out by its head how to read them.
 */
export interface RowShape {
  /** Names the shape to the receiver: the JSON text of a string. */
  readonly headText: string
  /** How many values each message has. */
  readonly width: number
  /** The message that a row stands for, as JSON data: what would have been posted without rows. */
  body(batch: RowBatch, row: number): unknown
  /** The key by which a message can be taken back before it leaves; 0 for none. Default: none has one. */
  key?(batch: RowBatch, row: number): number
}

/** A batch is kept until all of its messages are handled, so one that takes long does not keep much. */
const MOST_ROWS = 256
const MOST_BYTES = 64 * 1024

/**
 * Messages of one shape to one address, one after the other: only their values are kept and sent, in one flat array,
 * for which JSON takes a third of the time that it takes for as many objects.
 *
 * Values are strings, numbers that JSON keeps, booleans and null.
 */
export class RowBatch {
  readonly shape: RowShape
  /** What all of its messages share: the number of whom they are for, and of whom they are from. */
  readonly to: number
  readonly from: number
  /** The values of the first message, then those of the second, and so on. */
  readonly cells: unknown[] = []
  #rows = 0
  #bytes = 0
  #rowBytes = 0

  constructor(shape: RowShape, to: number, from: number) {
    this.shape = shape
    this.to = to
    this.from = from
  }

  /** How many messages it holds. */
  get rows(): number {
    return this.#rows
  }

  /** Bytes of each, about, when no more are added: the mean. */
  get rowBytes(): number {
    return this.#rowBytes
  }

  /** Whether another message can be added. */
  takes(shape: RowShape, to: number, from: number): boolean {
    return (
      this.shape === shape && this.to === to && this.from === from && this.#rows < MOST_ROWS && this.#bytes < MOST_BYTES
    )
  }

  /** Adds the message whose values were put behind those of the last one. */
  add(bytes: number): void {
    this.#rows += 1
    this.#bytes += bytes
  }

  /** Nothing more is added. Returns by how many bytes all messages together are taken for larger than they are. */
  close(): number {
    this.#rowBytes = Math.ceil(this.#bytes / this.#rows)
    return this.#rowBytes * this.#rows - this.#bytes
  }

  /** The JSON text of so many of its messages: `[head, to, from, slots, cells]`. */
  text(fromRow: number, rows: number, slots: SlotRuns): string {
    const { width, headText } = this.shape
    const cells = rows === this.#rows ? this.cells : this.cells.slice(fromRow * width, (fromRow + rows) * width)
    return `[${headText},${this.to},${this.from},${JSON.stringify(slots.numbers)},${JSON.stringify(cells)}]`
  }
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
