import { encodeValues, type RowShape } from '@zera/core/internal'
import * as wire from '../format/message-format.js'
import { readerOf, shapeOf, widthOf, writeValue, type ValueShape } from './value-shape.js'

/** The messages that travel as rows. */
export type RowKind = typeof wire.TELL | typeof wire.ASK | typeof wire.OPEN | typeof wire.ANSWER | typeof wire.ITEM

/** The target and the sender of all messages of a batch: the numbers of actors. */
export interface RowEnds {
  readonly to: number
  readonly from: number
}

/** What a batch begins with at its receiver: the name of its shape, and its ends. */
export type RowHeading = readonly [name: string, to: number, from: number]

const MOST_VALUES = 8

/**
 * Messages of one kind, for one method, whose values are alike. A row has the target and the sender if they vary, then
 * the correlation, except for tells, then the values.
 */
export class MessageShape implements RowShape<RowEnds> {
  readonly kind: RowKind
  readonly method: string
  /** Whether each row names its target and sender, instead of the batch for all. */
  readonly isAddressed: boolean
  readonly lane: 'messages' | 'replies'
  readonly width: number
  /** Names it to the receiver: the JSON text of a string. */
  readonly #nameText: string
  readonly #values: readonly ValueShape[]
  #read: ReadValues | undefined
  readonly #correlationAt: number
  readonly #valuesAt: number

  private constructor(kind: RowKind, method: string, values: readonly ValueShape[], isAddressed: boolean) {
    this.kind = kind
    this.method = method
    this.isAddressed = isAddressed
    this.#values = values
    this.lane = kind === wire.ANSWER || kind === wire.ITEM ? 'replies' : 'messages'
    this.#nameText = JSON.stringify(JSON.stringify([kind, method, values, isAddressed]))
    this.#correlationAt = isAddressed ? 2 : 0
    this.#valuesAt = this.#correlationAt + (kind === wire.TELL ? 0 : 1)
    this.width = this.#valuesAt + values.reduce((width, value) => width + widthOf(value), 0)
  }

  /** The shape of a message; undefined when it has none. */
  static of(kind: RowKind, method: string, values: readonly unknown[]): MessageShape | undefined {
    const shapes = values.length > MOST_VALUES || sharesObjects(values) ? [undefined] : values.map(shapeOf)
    return shapes.includes(undefined) ? undefined : new MessageShape(kind, method, shapes as ValueShape[], false)
  }

  /** The shape with a name. */
  static named(name: string): MessageShape {
    const [kind, method, values, isAddressed] = JSON.parse(name) as [RowKind, string, ValueShape[], boolean]
    return new MessageShape(kind, method, values, isAddressed)
  }

  /** The same messages, each with its own target and sender. */
  addressed(): MessageShape {
    return new MessageShape(this.kind, this.method, this.#values, true)
  }

  /**
   * Appends a message to the cells. Returns about how many bytes it takes; -1 when it has another shape, and then part
   * of it may be in the cells.
   */
  write(cells: unknown[], to: number, from: number, correlation: number, values: readonly unknown[]): number {
    const shapes = this.#values
    if (values.length !== shapes.length || (values.length > 1 && sharesObjects(values))) return -1
    if (this.isAddressed) cells.push(to, from)
    if (this.kind !== wire.TELL) cells.push(correlation)
    let bytes = 16
    for (let index = 0; index < shapes.length; index++) {
      const size = writeValue(shapes[index] as ValueShape, values[index], cells)
      if (size < 0) return -1
      bytes += size
    }
    return bytes
  }

  correlation(cells: readonly unknown[], at: number): number {
    return this.kind === wire.TELL ? 0 : (cells[at + this.#correlationAt] as number)
  }

  /** The JSON text of a `RowHeading`. */
  heading({ to, from }: RowEnds): string {
    return `[${this.#nameText},${to},${from}]`
  }

  /** That of an ask or a stream, which may be withdrawn before it leaves: its correlation. */
  key(cells: readonly unknown[], at: number): number {
    return this.kind === wire.ASK || this.kind === wire.OPEN ? this.correlation(cells, at) : 0
  }

  values(cells: readonly unknown[], at: number): unknown[] {
    // A sender needs none, and shapes that change all the time would compile one for each message.
    this.#read ??= valuesReader(this.#values)
    return this.#read(cells, at + this.#valuesAt)
  }

  body(ends: RowEnds, cells: readonly unknown[], at: number): wire.WireBody {
    const [to, from] = this.isAddressed ? [cells[at] as number, cells[at + 1] as number] : [ends.to, ends.from]
    const correlation = this.correlation(cells, at)
    const values = this.values(cells, at)
    // JSON has no undefined; the codec has a mark for it.
    const written: unknown = this.#values.includes('undefined') ? JSON.parse(encodeValues(values)) : values
    if (this.kind === wire.ANSWER || this.kind === wire.ITEM) return [this.kind, correlation, written]
    return [this.kind, to, from, this.method, written, correlation]
  }
}

type ReadValues = (cells: readonly unknown[], at: number) => unknown[]

function valuesReader(shapes: readonly ValueShape[]): ReadValues {
  const [first = 'cell'] = shapes
  if (shapes.length === 1) {
    const read = readerOf(first)
    return (cells, at) => [read(cells, at)]
  }
  let width = 0
  const readers = shapes.map(shape => {
    const offset = width
    width += widthOf(shape)
    return { read: readerOf(shape), offset }
  })
  return (cells, at) => readers.map(({ read, offset }) => read(cells, at + offset))
}

/** Whether an object occurs twice among the values: it must arrive as one. */
function sharesObjects(values: readonly unknown[]): boolean {
  for (let index = 1; index < values.length; index++) {
    const value = values[index]
    if (typeof value === 'object' && value !== null && values.indexOf(value) < index) return true
  }
  return false
}
