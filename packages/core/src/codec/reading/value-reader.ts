import type { CodecExtension } from '../extension.js'
import { demand, MalformedMessageError } from '../malformed-message-error.js'
import {
  AGAIN,
  ARRAY,
  BIGINT,
  DOUBLES,
  END,
  ERROR,
  FALSE,
  INTEGERS,
  LATER,
  LIST,
  MAP,
  MAX_DEPTH,
  NULL,
  NUMBER,
  NUMBERS,
  PAIR,
  RECORD,
  REPEATS,
  SET,
  SHAPE,
  TEXT,
  TEXTS,
  TRUE,
  UNDEFINED,
  type Binaries,
  type Parts,
} from '../parts.js'
import { recordReader, type RecordReader, type Streams } from '../shapes/record-reader.js'
import { fillError, openError, readExotic, type Reading } from './exotic-reader.js'
import { defineShown, isLength, openObject, setLength } from './objects.js'

// Stands for a view whose buffer is being read: nothing may refer to it yet.
const UNFINISHED = Symbol('unfinished')

/**
 * Puts the values of one message together again.
 *
 * An object is there before what is inside it is read, so that the inside can refer to it. Properties are defined, or
 * assigned where that cannot reach a prototype.
 */
export class ValueReader implements Reading, Streams {
  readonly codes: ArrayLike<number>
  readonly numbers: ArrayLike<number>
  readonly texts: readonly string[]
  // Where the next of each stream is.
  code = 0
  number = 0
  text = 0
  #binary = 0
  readonly #binaries: Binaries
  readonly #shapes: readonly RecordReader[]
  // Of the message that is being read:
  #extension: CodecExtension | undefined
  #met: unknown[] | undefined
  #deferred: object[] = []
  #depth = 0

  constructor(parts: Parts, binaries: Binaries) {
    this.codes = parts.codes
    this.numbers = parts.numbers
    this.texts = parts.texts
    this.#binaries = binaries
    this.#shapes = parts.shapes.map(recordReader)
  }

  /** Goes to a place in each stream. */
  goTo(code: number, number: number, text: number, binary: number): void {
    this.code = code
    this.number = number
    this.text = text
    this.#binary = binary
  }

  /** Whether it is at a place. */
  isAt(code: number, number: number, text: number): boolean {
    return this.code === code && this.number === number && this.text === text
  }

  /** Reads the values of the message that begins here, then what was too deep for them. */
  read(extension: CodecExtension | undefined): unknown[] {
    this.#extension = extension
    this.#met = this.nextCode() === REPEATS ? [] : undefined
    if (this.#deferred.length > 0) this.#deferred = []
    this.#depth = 0
    const values: unknown[] = []
    for (let left = this.#count(); left > 0; left--) values.push(this.value())
    // Reading one may add others.
    for (const object of this.#deferred) this.#readInto(object)
    return values
  }

  value(): unknown {
    const code = this.nextCode()
    switch (code) {
      case NUMBER:
        return this.nextNumber()
      case TEXT:
        return this.nextText()
      case NULL:
        return null
      case TRUE:
        return true
      case FALSE:
        return false
      case UNDEFINED:
        return undefined
      case BIGINT:
        return bigintOf(this.nextText())
      case AGAIN:
        return this.#again(this.nextCode())
      case LATER:
        return this.#later()
      default:
        return this.#object(code)
    }
  }

  constant(): unknown {
    switch (this.nextCode()) {
      case NULL:
        return null
      case TRUE:
        return true
      case FALSE:
        return false
      case UNDEFINED:
        return undefined
      default:
        throw new MalformedMessageError('a constant is none')
    }
  }

  nextCode(): number {
    return this.codes[this.code++] as number
  }

  nextNumber(): number {
    return this.numbers[this.number++] as number
  }

  nextText(): string {
    const text = this.texts[this.text++]
    demand(text !== undefined, 'a text is missing')
    return text
  }

  nextBinary(): ArrayBuffer | undefined {
    return this.#binaries.take(this.#binary++)
  }

  meet(object: unknown): void {
    this.#met?.push(object)
  }

  reserve(): number {
    return this.#met === undefined ? -1 : this.#met.push(UNFINISHED) - 1
  }

  finish(ordinal: number, object: object): void {
    if (this.#met !== undefined) this.#met[ordinal] = object
  }

  items(into: unknown[]): void {
    const length = this.#count()
    const end = into.length + length
    while (into.length < end) this.#item(into, end)
  }

  pairs(object: object): void {
    this.eachPair((key, value) => defineShown(object, key, value))
  }

  eachPair(take: (key: string, value: unknown) => void): void {
    for (let code = this.nextCode(); code !== END; code = this.nextCode()) {
      demand(code === PAIR, 'pairs have no end')
      const key = this.nextText()
      take(key, this.value())
    }
  }

  decode(data: unknown): unknown {
    demand(this.#extension !== undefined, 'it needs the extension that its sender had')
    return this.#extension.decode(data)
  }

  #object(code: number): unknown {
    // A view is deeper than it seems: it is written with its buffer.
    demand(this.#depth <= MAX_DEPTH + 1, 'it is too deep')
    this.#depth += 1
    const value = code >= SHAPE ? this.#shape(code).read(this) : this.#unshaped(code)
    this.#depth -= 1
    // A record takes numbers and texts without asking whether there are any.
    demand(this.number <= this.numbers.length && this.text <= this.texts.length, 'a record has no values')
    return value
  }

  #unshaped(code: number): unknown {
    const object = openObject(code)
    if (object === undefined) return readExotic(code, this)
    this.meet(object)
    this.#fill(object, code)
    return object
  }

  /** Reads what is inside an object that was made before. */
  #fill(object: object, code: number): void {
    switch (code) {
      case LIST:
        return this.items(object as unknown[])
      case INTEGERS:
      case DOUBLES:
        return this.#unpack(object as unknown[], code === INTEGERS ? Int32Array : Float64Array)
      case ARRAY:
        return this.#fillArray(object as unknown[])
      case RECORD:
        return this.pairs(object)
      case MAP:
        return this.#fillMap(object as Map<unknown, unknown>)
      case SET:
        return this.#fillSet(object as Set<unknown>)
      default:
        throw new MalformedMessageError('it has a code of an unknown kind')
    }
  }

  #item(into: unknown[], end: number): void {
    const code = this.codes[this.code]
    if (code !== NUMBERS && code !== TEXTS) {
      into.push(this.value())
      return
    }
    this.code += 1
    let left = this.#count()
    const stream = code === NUMBERS ? this.numbers : this.texts
    let at = code === NUMBERS ? this.number : this.text
    demand(left > 0 && into.length + left <= end && at + left <= stream.length, 'a run is longer than its list')
    for (; left > 0; left--) into.push(stream[at++])
    if (code === NUMBERS) this.number = at
    else this.text = at
  }

  #unpack(list: unknown[], View: typeof Int32Array | typeof Float64Array): void {
    const length = this.#count()
    const bytes = this.#binaries.view(this.#binary++)
    demand(bytes?.byteLength === length * View.BYTES_PER_ELEMENT, 'a list has other numbers than it says')
    const numbers = new View(bytes.buffer as ArrayBuffer, bytes.byteOffset, length)
    // All of its memory at once is five times as fast as element by element.
    list.length = length
    for (let at = 0; at < length; at++) list[at] = numbers[at]
  }

  #fillArray(array: unknown[]): void {
    this.items(array)
    const length = this.nextNumber()
    demand(isLength(length) && length >= array.length, 'an array has no length')
    this.eachPair((key, value) => {
      demand(key !== 'length', 'an array has a length that is none')
      defineShown(array, key, value)
    })
    setLength(array, length)
  }

  #fillMap(map: Map<unknown, unknown>): void {
    const members: unknown[] = []
    this.items(members)
    demand(members.length % 2 === 0, 'a Map has no entries')
    for (let i = 0; i < members.length; i += 2) map.set(members[i], members[i + 1])
  }

  #fillSet(set: Set<unknown>): void {
    const members: unknown[] = []
    this.items(members)
    for (const member of members) set.add(member)
  }

  #again(ordinal: number): unknown {
    const object = this.#met?.[ordinal]
    demand(object !== undefined && object !== UNFINISHED, 'it refers to an object that it does not have')
    return object
  }

  #later(): object {
    const code = this.nextCode()
    const object = code === ERROR ? openError(this) : openObject(code)
    demand(object !== undefined && code !== ARRAY, 'it has nothing that could be later')
    this.meet(object)
    this.#deferred.push(object)
    return object
  }

  /** Reads what was left for later. */
  #readInto(object: object): void {
    const code = this.nextCode()
    if (code >= SHAPE) {
      demand(openObject(RECORD)?.constructor === object.constructor, 'what was left for later is something else')
      this.#shape(code).readInto(object, this)
    } else if (code === ERROR) {
      demand(object instanceof Error, 'what was left for later is something else')
      openError(this)
      fillError(object, this)
    } else {
      demand(openObject(code)?.constructor === object.constructor, 'what was left for later is something else')
      this.#fill(object, code)
    }
  }

  #shape(code: number): RecordReader {
    const shape = this.#shapes[code - SHAPE]
    demand(shape !== undefined, 'a record has a shape that the message lacks')
    return shape
  }

  /** A number of things that are there: what is read after it bounds it. */
  #count(): number {
    const count = this.nextCode()
    demand(Number.isInteger(count) && count >= 0, 'a part of it is missing')
    return count
  }
}

function bigintOf(digits: string): bigint {
  const isNegative = digits.startsWith('-')
  const magnitude = isNegative ? digits.slice(1) : digits
  demand(/^[\da-f]+$/.test(magnitude), 'a bigint is not one')
  try {
    const value = BigInt(`0x${magnitude}`)
    return isNegative ? -value : value
  } catch (cause) {
    throw new MalformedMessageError('a bigint is too long', { cause })
  }
}
