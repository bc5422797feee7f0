import { types } from 'node:util'
import { NotCloneableError } from '../../base/errors/errors.js'
import type { CodecExtension } from '../extension.js'
import {
  AGAIN,
  ARRAY,
  BIGINT,
  DOUBLES,
  END,
  FALSE,
  INTEGERS,
  LATER,
  LIST,
  MAX_DEPTH,
  NO_REPEATS,
  NULL,
  NUMBER,
  NUMBERS,
  PAIR,
  RECORD,
  REPEATS,
  SHAPE,
  TEXT,
  TEXTS,
  TRUE,
  UNDEFINED,
  type Parts,
} from '../parts.js'
import { A_CONSTANT, A_NUMBER, A_TEXT, A_VALUE, emptyShape, MOST_KEYS, shapesLearnt } from '../shapes/shape.js'
import { hasOnlyElements, isIndexBelow } from './array-shape.js'
import { openExotic, writeExotic, writeUnoffered, type Writing } from './exotic-writer.js'
import { Identities } from './identities.js'
import { bytesOfNumbers, MIN_PACKED, numbersOf } from './number-list.js'
import { formatPath, type PathKey } from './path.js'

/** A message that teaches a writer more shapes than this has records that are all different. */
const MOST_NEW_SHAPES = 128

/** From here on, a text is faster outside of JSON, where that is possible. */
export const LONG_TEXT_CHARS = 256

interface Deferred {
  readonly value: object
  readonly path: string
}

/** What a message was taken apart into, and its binaries, which are the sender's memory. */
export interface WrittenParts extends Parts {
  readonly codes: readonly number[]
  readonly numbers: readonly number[]
  readonly binaries: readonly Uint8Array[]
  /** Characters of all texts. */
  readonly chars: number
  /** Which of the texts are long. */
  readonly longTexts: readonly number[]
}

/**
 * Takes the values of one message apart in one walk: each property is read once, and each object is written once.
 *
 * What an object is, other than a plain one or an array, is the matter of `writeExotic`.
 */
export class ValueWriter implements Writing, WrittenParts {
  readonly codes: number[] = [NO_REPEATS]
  readonly numbers: number[] = []
  readonly texts: string[] = []
  readonly shapes: string[] = []
  readonly binaries: Uint8Array[] = []
  readonly longTexts: number[] = []
  readonly #extension: CodecExtension | undefined
  readonly #identities = new Identities()
  readonly #deferred: Deferred[] = []
  readonly #shapesBefore = shapesLearnt()
  // The keys that lead from the root to the object that is being written.
  readonly #keys: PathKey[] = []
  #rootPath = ''
  chars = 0

  constructor(extension: CodecExtension | undefined) {
    this.#extension = extension
  }

  /** Writes the values of a message. */
  writeValues(values: readonly unknown[]): void {
    this.codes.push(values.length)
    for (let i = 0; i < values.length; i++) this.value(values[i], i, 0)
    for (let i = 0; i < this.#deferred.length; i++) {
      const { value, path } = this.#deferred[i]!
      this.#rootPath = path
      // The path of a root is all in `#rootPath`, so that its children begin where the root's own keys begin.
      if (isPlain(value)) this.#plain(value, -1)
      else writeUnoffered(value, -1, this)
    }
  }

  value(value: unknown, key: PathKey, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.codes.push(TEXT)
        this.text(value)
        return
      case 'number':
        this.codes.push(NUMBER)
        this.numbers.push(value)
        return
      case 'boolean':
        this.codes.push(value ? TRUE : FALSE)
        return
      case 'undefined':
        this.codes.push(UNDEFINED)
        return
      case 'bigint':
        this.codes.push(BIGINT)
        // As hexadecimal digits, which take time as their number grows and not as its square.
        this.text(value.toString(16))
        return
      case 'symbol':
        this.#keys[depth] = key
        return this.refuse('a symbol', depth)
      default:
        if (value === null) {
          this.codes.push(NULL)
          return
        }
        this.#keys[depth] = key
        this.#identity(value as object, depth)
    }
  }

  text(text: string): void {
    if (text.length >= LONG_TEXT_CHARS) this.longTexts.push(this.texts.length)
    this.texts.push(text)
    this.chars += text.length
  }

  code(code: number): void {
    this.codes.push(code)
  }

  number(number: number): void {
    this.numbers.push(number)
  }

  record(value: object, depth: number): void {
    if (shapesLearnt() - this.#shapesBefore > MOST_NEW_SHAPES) return this.#pairsOf(value, depth)
    const at = this.codes.push(SHAPE) - 1
    let shape = emptyShape()
    // V8 knows this form of a loop: it makes no list of keys, and checks ownership for nothing.
    for (const key in value) {
      if (!Object.prototype.hasOwnProperty.call(value, key)) continue
      const property = (value as Record<string, unknown>)[key]
      if (shape.size === MOST_KEYS) {
        this.#pair(key, property, depth)
        continue
      }
      switch (typeof property) {
        case 'number':
          this.numbers.push(property)
          shape = shape.with(key, A_NUMBER)
          break
        case 'string':
          this.text(property)
          shape = shape.with(key, A_TEXT)
          break
        case 'boolean':
          this.codes.push(property ? TRUE : FALSE)
          shape = shape.with(key, A_CONSTANT)
          break
        default:
          shape = shape.with(key, property === null || property === undefined ? A_CONSTANT : A_VALUE)
          this.value(property, key, depth + 1)
      }
    }
    if (shape.size === MOST_KEYS) this.codes.push(END)
    let index = shape.indexIn(this)
    if (index === undefined) {
      index = this.shapes.push(shape.definition) - 1
      shape.enter(this, index)
    }
    this.codes[at] = SHAPE + index
  }

  array(array: readonly unknown[], depth: number): void {
    if (!hasOnlyElements(array)) {
      this.codes.push(ARRAY, 0)
      this.#sparse(array, 0, depth)
      return
    }
    const numbers = array.length < MIN_PACKED ? undefined : numbersOf(array)
    if (numbers === undefined) this.#list(array, depth)
    else
      this.codes.push(
        numbers instanceof Int32Array ? INTEGERS : DOUBLES,
        this.keep(bytesOfNumbers(numbers)),
        array.length,
      )
  }

  /** Writes values one after the other, those that are alike in a row as a run. There is none missing. */
  items(items: readonly unknown[], depth: number): void {
    this.codes.push(items.length)
    if (this.#run(items, depth) < items.length) throw new TypeError('An item is missing')
  }

  pairs(keys: readonly string[], write: (key: string) => void, mayFail: (key: string) => boolean): void {
    for (const key of keys) {
      const pair = (): void => {
        this.codes.push(PAIR)
        this.text(key)
        write(key)
      }
      if (mayFail(key)) this.attempt(pair)
      else pair()
    }
    this.codes.push(END)
  }

  /** Does something that leaves no trace, and returns false, when some of it cannot travel or be read. */
  attempt(write: () => void): boolean {
    const lengths = this.#streams.map(stream => stream.length)
    const { size } = this.#identities
    const { chars } = this
    try {
      write()
      return true
    } catch {
      this.#identities.forgetFrom(size)
      for (const [at, stream] of this.#streams.entries()) stream.length = lengths[at] as number
      this.chars = chars
      return false
    }
  }

  offer(value: object): unknown {
    return this.#extension?.encode(value)
  }

  keep(bytes: Uint8Array): number {
    return this.binaries.push(bytes) - 1
  }

  meet(value: object): number | undefined {
    return this.#identities.meet(value)
  }

  refuse(what: string, depth: number, remedy?: string): never {
    throw new NotCloneableError(what, this.#path(depth), remedy)
  }

  get #streams(): unknown[][] {
    return [this.codes, this.numbers, this.texts, this.longTexts, this.binaries, this.#deferred]
  }

  #identity(value: object, depth: number): void {
    const ordinal = this.meet(value)
    if (ordinal !== undefined) {
      this.codes[0] = REPEATS
      this.codes.push(AGAIN, ordinal)
      return
    }
    // A view meets its buffer at once, and so does its reader: it cannot wait, and has nothing deep inside.
    if (depth >= MAX_DEPTH && !ArrayBuffer.isView(value)) this.#defer(value, depth)
    else this.#object(value, depth)
  }

  #object(value: object, depth: number): void {
    if (isPlain(value)) this.#plain(value, depth)
    else writeExotic(value, depth, this)
  }

  #plain(value: object, depth: number): void {
    if (Array.isArray(value)) this.array(value, depth)
    else this.record(value, depth)
  }

  /** Leaves an object for later, when it is of a kind that can have much inside. */
  #defer(value: object, depth: number): void {
    if (isPlain(value)) this.codes.push(LATER, Array.isArray(value) ? LIST : RECORD)
    else if (!openExotic(value, depth, this)) return
    this.#deferred.push({ value, path: this.#path(depth) })
  }

  #list(array: readonly unknown[], depth: number): void {
    const at = this.codes.push(LIST, array.length) - 1
    const end = this.#run(array, depth)
    if (end === array.length) return
    this.codes[at - 1] = ARRAY
    this.codes[at] = end
    this.#sparse(array, end, depth)
  }

  /** Writes elements up to the first that is missing, and returns where that is. */
  #run(array: readonly unknown[], depth: number): number {
    const { codes } = this
    let run = 0
    let kind = -1
    for (let i = 0; i < array.length; i++) {
      const element = array[i]
      const type = typeof element
      const kindNow = type === 'number' ? NUMBERS : type === 'string' ? TEXTS : -1
      if (kindNow < 0) {
        if (element === undefined && !Object.hasOwn(array, i)) return i
        this.value(element, i, depth + 1)
      } else {
        if (kindNow === kind) codes[run]! += 1
        else run = codes.push(kindNow, 1) - 1
        if (kindNow === NUMBERS) this.numbers.push(element as number)
        else this.text(element as string)
      }
      kind = kindNow
    }
    return array.length
  }

  /** Goes on with an array whose elements up to a hole are written. Time and text follow what is there, not the length. */
  #sparse(array: readonly unknown[], end: number, depth: number): void {
    this.numbers.push(array.length)
    for (const key of Object.keys(array))
      if (!isIndexBelow(key, end)) this.#pair(key, (array as unknown as Record<string, unknown>)[key], depth)
    this.codes.push(END)
  }

  #pairsOf(value: object, depth: number): void {
    this.codes.push(RECORD)
    for (const key in value)
      if (Object.prototype.hasOwnProperty.call(value, key))
        this.#pair(key, (value as Record<string, unknown>)[key], depth)
    this.codes.push(END)
  }

  #pair(key: string, value: unknown, depth: number): void {
    this.codes.push(PAIR)
    this.text(key)
    this.value(value, key, depth + 1)
  }

  #path(depth: number): string {
    return this.#rootPath + formatPath(this.#keys.slice(0, depth + 1))
  }
}

/** Whether an object is to be written with its properties or elements, without a look at what else it may be. */
function isPlain(value: object): boolean {
  if (typeof value === 'function' || types.isProxy(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || prototype === Array.prototype
}
