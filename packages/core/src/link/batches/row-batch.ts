import { Batch, type SlotRuns } from './batch.js'

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

/**
 * Messages of one shape, one after the other, that share a label: only their values are kept and sent, in one flat
 * array, for which JSON takes a third of the time that it takes for as many objects.
 *
 * Values are strings, numbers that JSON keeps, booleans and null.
 */
export class RowBatch<Label = unknown> extends Batch {
  readonly shape: RowShape<Label>
  readonly label: Label
  readonly handedOver: readonly never[] = []
  /** The values of the first message, then those of the second, and so on. */
  readonly #cells: unknown[] = []

  constructor(shape: RowShape<Label>, label: Label) {
    super()
    this.shape = shape
    this.label = label
  }

  /** Adds a message behind the last one. */
  add(cells: readonly unknown[], bytes: number): void {
    for (let at = 0; at < cells.length; at++) this.#cells.push(cells[at])
    this.added(bytes)
  }

  body(row: number): unknown {
    return this.shape.body(this.label, this.#cells, row * this.shape.width)
  }

  key(row: number): number {
    return this.shape.key?.(this.#cells, row * this.shape.width) ?? 0
  }

  text(fromRow: number, rows: number, slots: SlotRuns): string {
    const { width } = this.shape
    const cells = rows === this.rows ? this.#cells : this.#cells.slice(fromRow * width, (fromRow + rows) * width)
    return `${ROWS},[${this.shape.heading(this.label)},${JSON.stringify(slots.numbers)},${JSON.stringify(cells)}]`
  }

  protected takeBlocks(): readonly never[] {
    return []
  }
}
