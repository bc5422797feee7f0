import { compileFunction } from 'node:vm'
import { demand } from '../malformed-message-error.js'
import { MOST_KEYS } from './shape.js'

/** What a record is read from. */
export interface Streams {
  numbers: ArrayLike<number>
  number: number
  texts: readonly string[]
  text: number
  /** Reads the next constant. */
  constant(): unknown
  /** Reads the next value, whatever it is. */
  value(): unknown
  /** Numbers an object. */
  meet(object: object): void
  /** Reads pairs, up to their end, into an object. */
  pairs(object: object): void
}

type Read = (streams: Streams) => object

/** Compiling costs as much as reading some dozen records does. */
const COMPILE_AFTER = 64
/** Shapes that were read and are kept. */
const MOST_READERS = 1024

const READ: Readonly<Record<string, string>> = {
  n: 's.numbers[s.number++]',
  t: 's.texts[s.text++]',
  c: 's.constant()',
  v: 's.value()',
}

/** Reads the records of one shape. */
export class RecordReader {
  readonly #kinds: string
  readonly #keys: readonly string[]
  #reads = 0
  #compiled: Read | undefined

  /** @throws {MalformedMessageError} When it is no definition of a shape. */
  constructor(definition: string) {
    const [kinds, ...keys] = definitionOf(definition)
    demand(kinds.length === keys.length && keys.length <= MOST_KEYS, 'a shape has other keys than values')
    demand(/^[ntcv]*$/.test(kinds), 'a shape has values of an unknown kind')
    this.#kinds = kinds
    this.#keys = keys
  }

  /** Reads the next record. */
  read(streams: Streams): object {
    if (this.#compiled !== undefined) return this.#compiled(streams)
    if ((this.#reads += 1) > COMPILE_AFTER) this.#compiled = this.#compile()
    const record = {}
    streams.meet(record)
    this.readInto(record, streams)
    return record
  }

  /** Reads the next record into an object that is there already. */
  readInto(record: object, streams: Streams): void {
    const kinds = this.#kinds
    for (const [at, key] of this.#keys.entries()) place(record, key, readValue(kinds.charCodeAt(at), streams))
    if (this.#keys.length === MOST_KEYS) streams.pairs(record)
  }

  /**
   * It is several times faster than one property after the other. What is inside a record may refer to it, so it is
   * there before; records without such values are made in one step.
   */
  #compile(): Read {
    const first = this.#kinds.indexOf('v')
    const firsts = first < 0 ? this.#keys.length : first
    const properties = this.#keys.map(
      (key, at) => `${propertyOf(key)}:${at < firsts ? this.#readText(at) : 'undefined'}`,
    )
    const later = this.#keys.slice(firsts).map((key, at) => `r[${JSON.stringify(key)}]=${this.#readText(firsts + at)};`)
    const rest = this.#keys.length === MOST_KEYS ? 's.pairs(r);' : ''
    return compileFunction(`const r={${properties.join(',')}};s.meet(r);${later.join('')}${rest}return r`, [
      's',
    ]) as Read
  }

  #readText(at: number): string {
    return READ[this.#kinds[at] as string] as string
  }
}

const readers = new Map<string, RecordReader>()

/** The reader of the shape with a definition. */
export function recordReader(definition: string): RecordReader {
  let reader = readers.get(definition)
  if (reader === undefined) {
    reader = new RecordReader(definition)
    if (readers.size >= MOST_READERS) readers.clear()
    readers.set(definition, reader)
  }
  return reader
}

/** Defines where assigning would reach a prototype. */
function place(record: object, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, writable: true, configurable: true, enumerable: true })
  else (record as Record<string, unknown>)[key] = value
}

/** In brackets `__proto__` is a property like any other. */
function propertyOf(key: string): string {
  return key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)
}

function readValue(kind: number, streams: Streams): unknown {
  switch (String.fromCharCode(kind)) {
    case 'n':
      return streams.numbers[streams.number++]
    case 't':
      return streams.texts[streams.text++]
    case 'c':
      return streams.constant()
    default:
      return streams.value()
  }
}

function definitionOf(definition: string): [kinds: string, ...keys: string[]] {
  let parsed: unknown
  try {
    parsed = JSON.parse(definition)
  } catch {
    parsed = undefined
  }
  demand(Array.isArray(parsed) && parsed.length > 0 && parsed.every(isText), 'a shape has no definition')
  return parsed as [string, ...string[]]
}

const isText = (value: unknown): boolean => typeof value === 'string'
