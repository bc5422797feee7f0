/**
 * What messages have in common that differ only in a few values. The sender makes it once, and the receiver learns from
 * the heading of a batch how to read them.
 *
 * @typeParam Label What all messages of one batch share; the shape alone knows what that is.
 */
export interface RowShape<Label = unknown> {
  /** Whether they are messages or replies. */
  readonly lane: 'messages' | 'replies'
  /** How many values each message has. */
  readonly width: number
  /** What tells the receiver the shape and the label of a batch: JSON text. */
  heading(label: Label): string
  /** The message whose values are those from `at` on, as JSON data: what would have been posted without rows. */
  body(label: Label, cells: readonly unknown[], at: number): unknown
  /** The key by which a message can be taken back before it leaves; 0 for none. Default: none has one. */
  key?(cells: readonly unknown[], at: number): number
}

/** Stands in a frame where a slot would stand: rows follow. */
export const ROWS = -1

/** The messages of a batch in a frame: what its shape wrote, their slots as `SlotRuns`, and their values. */
export type RowsInFrame = readonly [heading: unknown, slots: readonly number[], cells: readonly unknown[]]

/** A batch is kept until all of its messages are handled, so one that takes long does not keep much. */
const MOST_ROWS = 256
const MOST_BYTES = 64 * 1024

/**
 * Messages of one shape, one after the other, that share a label: only their values are kept and sent, in one flat
 * array, for which JSON takes a third of the time that it takes for as many objects.
 *
 * Values are strings, numbers that JSON keeps, booleans and null.
 */
export class RowBatch<Label = unknown> {
  readonly shape: RowShape<Label>
  readonly label: Label
  /** The values of the first message, then those of the second, and so on. */
  readonly #cells: unknown[] = []
  #rows = 0
  #bytes = 0
  #rowBytes = 0
  #isClosed = false

  constructor(shape: RowShape<Label>, label: Label) {
    this.shape = shape
    this.label = label
  }

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

  /** Adds a message behind the last one. */
  add(cells: readonly unknown[], bytes: number): void {
    for (let at = 0; at < cells.length; at++) this.#cells.push(cells[at])
    this.#rows += 1
    this.#bytes += bytes
  }

  /** Nothing more is added. Returns by how many bytes all messages together are taken for larger than they are. */
  close(): number {
    this.#isClosed = true
    this.#rowBytes = Math.ceil(this.#bytes / this.#rows)
    return this.#rowBytes * this.#rows - this.#bytes
  }

  /** A message, as JSON data. */
  body(row: number): unknown {
    return this.shape.body(this.label, this.#cells, row * this.shape.width)
  }

  /** The key of a message; 0 for none. */
  key(row: number): number {
    return this.shape.key?.(this.#cells, row * this.shape.width) ?? 0
  }

  /** The JSON text of so many of its messages, as `RowsInFrame`. */
  text(fromRow: number, rows: number, slots: SlotRuns): string {
    const { width } = this.shape
    const cells = rows === this.#rows ? this.#cells : this.#cells.slice(fromRow * width, (fromRow + rows) * width)
    return `[${this.shape.heading(this.label)},${JSON.stringify(slots.numbers)},${JSON.stringify(cells)}]`
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
