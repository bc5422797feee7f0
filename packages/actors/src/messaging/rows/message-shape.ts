import { types } from 'node:util'
import { compileFunction } from 'node:vm'
import { encodeValues, LONG_TEXT_CHARS, type RowShape } from '@zera/core/internal'
import * as format from '../format/message-format.js'

/** The messages that travel as rows. */
export type RowKind =
  | typeof format.TELL
  | typeof format.ASK
  | typeof format.OPEN
  | typeof format.ANSWER
  | typeof format.ITEM

/** The target and the sender of all messages of a batch: the numbers of actors. */
export interface RowEnds {
  readonly to: number
  readonly from: number
}

/** What a batch begins with at its receiver: the name of its shape, and its ends. */
export type RowHeading = readonly [name: string, to: number, from: number]

const MOST_VALUES = 8
const MOST_KEYS = 32
/** Shapes that a peer has named and that are kept. */
const MOST_NAMED = 256

/**
 * One value of a message: one that a cell can hold as it is, `undefined`, or a plain object of such cells, by the names
 * of its properties.
 */
type ValueShape = 'cell' | 'undefined' | readonly string[]

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
    this.lane = kind === format.ANSWER || kind === format.ITEM ? 'replies' : 'messages'
    this.#nameText = JSON.stringify(JSON.stringify([kind, method, values, isAddressed]))
    this.#correlationAt = isAddressed ? 2 : 0
    this.#valuesAt = this.#correlationAt + (kind === format.TELL ? 0 : 1)
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
    if (this.kind !== format.TELL) cells.push(correlation)
    let bytes = 16
    for (let index = 0; index < shapes.length; index++) {
      const size = writeValue(shapes[index] as ValueShape, values[index], cells)
      if (size < 0) return -1
      bytes += size
    }
    return bytes
  }

  correlation(cells: readonly unknown[], at: number): number {
    return this.kind === format.TELL ? 0 : (cells[at + this.#correlationAt] as number)
  }

  /** The JSON text of a `RowHeading`. */
  heading({ to, from }: RowEnds): string {
    return `[${this.#nameText},${to},${from}]`
  }

  /** That of an ask or a stream, which may be withdrawn before it leaves: its correlation. */
  key(cells: readonly unknown[], at: number): number {
    return this.kind === format.ASK || this.kind === format.OPEN ? this.correlation(cells, at) : 0
  }

  values(cells: readonly unknown[], at: number): unknown[] {
    // A sender needs none, and shapes that change all the time would compile one for each message.
    this.#read ??= valuesReader(this.#values)
    return this.#read(cells, at + this.#valuesAt)
  }

  body(ends: RowEnds, cells: readonly unknown[], at: number): format.MessageBody {
    const [to, from] = this.isAddressed ? [cells[at] as number, cells[at + 1] as number] : [ends.to, ends.from]
    const correlation = this.correlation(cells, at)
    const written: unknown = JSON.parse(encodeValues(this.values(cells, at)))
    if (this.kind === format.ANSWER || this.kind === format.ITEM) return [this.kind, correlation, written]
    return [this.kind, to, from, this.method, written, correlation]
  }
}

/** The shapes that the other side of a link has named. */
export class NamedShapes {
  readonly #byName = new Map<string, MessageShape>()

  get(name: string): MessageShape {
    let shape = this.#byName.get(name)
    if (shape === undefined) {
      shape = MessageShape.named(name)
      if (this.#byName.size >= MOST_NAMED) this.#byName.clear()
      this.#byName.set(name, shape)
    }
    return shape
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

/** The shape of a value; undefined when it has none: it, or what is in it, takes more than cells. */
function shapeOf(value: unknown): ValueShape | undefined {
  if (isCell(value)) return 'cell'
  if (value === undefined) return 'undefined'
  if (!isPlainObject(value)) return undefined
  const keys = Object.keys(value)
  // JSON.parse would make it a property, and the text of an object its prototype.
  if (keys.length > MOST_KEYS || keys.includes('__proto__')) return undefined
  return keys.every(key => isCell(value[key])) ? keys : undefined
}

/** How many cells a shape takes. */
function widthOf(shape: ValueShape): number {
  if (shape === 'cell') return 1
  return shape === 'undefined' ? 0 : shape.length
}

/**
 * Appends a value to the cells, reading each property once.
 *
 * @returns About how many bytes it takes; -1 when it has another shape. Part of it may be in the cells then.
 */
function writeValue(shape: ValueShape, value: unknown, cells: unknown[]): number {
  if (shape === 'cell') {
    if (!isCell(value)) return -1
    cells.push(value)
    return sizeOf(value)
  }
  if (shape === 'undefined') return value === undefined ? 0 : -1
  if (!isPlainObject(value)) return -1
  let bytes = 0
  let at = 0
  // V8 optimizes this form of a loop: it makes no list of keys. Keys that a prototype adds are not in the shape.
  for (const key in value) {
    if (key !== shape[at]) return -1
    at += 1
    const property = value[key]
    if (!isCell(property)) return -1
    cells.push(property)
    bytes += sizeOf(property)
  }
  return at === shape.length ? bytes : -1
}

/** Rebuilds a value from the cells from `at` on. */
type ReadValue = (cells: readonly unknown[], at: number) => unknown

/** Reads values of a shape. It is compiled, which takes a fifth of the time of assigning one property after the other. */
function readerOf(shape: ValueShape): ReadValue {
  if (shape === 'cell') return (cells, at) => cells[at]
  if (shape === 'undefined') return () => undefined
  // Keys are JSON texts, and none is __proto__, so no part of them is executed.
  const properties = shape.map((key, index) => `${JSON.stringify(key)}:cells[at+${index}]`)
  return compileFunction(`return {${properties.join(',')}}`, ['cells', 'at']) as ReadValue
}

/** Whether JSON preserves a value that is not an object, and no other way is faster for it. */
function isCell(value: unknown): value is string | number | boolean | null {
  switch (typeof value) {
    case 'string':
      return value.length < LONG_TEXT_CHARS
    case 'boolean':
      return true
    case 'number':
      // No NaN, no infinity, no -0.
      return value - value === 0 && (value !== 0 || 1 / value > 0)
    default:
      return value === null
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !types.isProxy(value)
  )
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? 8 + value.length : 8
}
