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

/** How much of each stream was written. */
export interface Mark {
  readonly codes: number
  readonly numbers: number
  readonly texts: number
  readonly binaries: number
}

interface Deferred {
  readonly value: object
  readonly path: string
}

/** What messages were taken apart into, and their binaries, which are the sender's memory. */
export interface WrittenParts extends Parts {
  readonly codes: readonly number[]
  readonly numbers: readonly number[]
  readonly binaries: readonly Uint8Array[]
}

/**
 * Takes the values of messages apart, one message after the other, each in one walk: each property is read once, and
 * each object is written once. Messages share nothing but the shapes of their records.
 *
 * What an object is, other than a plain one or an array, is the matter of `writeExotic`.
 */
export class ValueWriter implements Writing, WrittenParts {
  readonly codes: number[] = []
  readonly numbers: number[] = []
  readonly texts: string[] = []
  readonly shapes: string[] = []
  readonly binaries: Uint8Array[] = []
  // Of the message that is being written:
  #extension: CodecExtension | undefined
  readonly #identities = new Identities()
  #deferred: Deferred[] = []
  #first = 0
  #shapesBefore = 0
  // The keys that lead from the root to the object that is being written.
  readonly #keys: PathKey[] = []
  #rootPath = ''
  #chars = 0

  /** Characters of all texts so far. */
  get chars(): number {
    return this.#chars
  }

  /**
   * Writes the values of a message.
   *
   * @throws {NotCloneableError} When some cannot travel. Take back what was written then.
   */
  write(values: readonly unknown[], extension: CodecExtension | undefined): void {
    this.#extension = extension
    this.#identities.forgetAll()
    if (this.#deferred.length > 0) this.#deferred = []
    this.#rootPath = ''
    this.#shapesBefore = shapesLearnt()
    this.#first = this.codes.push(NO_REPEATS, values.length) - 2
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
    this.texts.push(text)
    this.#chars += text.length
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
    else {
      this.codes.push(numbers instanceof Int32Array ? INTEGERS : DOUBLES, array.length)
      this.binary(bytesOfNumbers(numbers))
    }
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
    const mark = this.mark()
    const { size } = this.#identities
    const deferred = this.#deferred.length
    try {
      write()
      return true
    } catch {
      this.#identities.forgetFrom(size)
      this.#deferred.length = deferred
      this.cutTo(mark)
      return false
    }
  }

  offer(value: object): unknown {
    return this.#extension?.encode(value)
  }

  binary(bytes: Uint8Array): void {
    this.binaries.push(bytes)
  }

  meet(value: object): number | undefined {
    return this.#identities.meet(value)
  }

  refuse(what: string, depth: number, remedy?: string): never {
    throw new NotCloneableError(what, this.#path(depth), remedy)
  }

  /** How far it has written. */
  mark(): Mark {
    const { codes, numbers, texts, binaries } = this
    return { codes: codes.length, numbers: numbers.length, texts: texts.length, binaries: binaries.length }
  }

  /** Moves what was written since to the end of another, which writes nothing more. */
  move(mark: Mark, to: ValueWriter): void {
    for (let at = mark.codes; at < this.codes.length; at++) to.codes.push(this.codes[at] as number)
    for (let at = mark.numbers; at < this.numbers.length; at++) to.numbers.push(this.numbers[at] as number)
    for (let at = mark.texts; at < this.texts.length; at++) to.text(this.texts[at] as string)
    for (let at = mark.binaries; at < this.binaries.length; at++) to.binary(this.binaries[at] as Uint8Array)
    for (const shape of this.shapes) to.shapes.push(shape)
    this.cutTo(mark)
  }

  /** Takes back what was written since. Shapes stay: their readers know no other order. */
  cutTo({ codes, numbers, texts, binaries }: Mark): void {
    for (let at = texts; at < this.texts.length; at++) this.#chars -= (this.texts[at] as string).length
    this.codes.length = codes
    this.numbers.length = numbers
    this.texts.length = texts
    this.binaries.length = binaries
  }

  #identity(value: object, depth: number): void {
    const ordinal = this.meet(value)
    if (ordinal !== undefined) {
      this.codes[this.#first] = REPEATS
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
