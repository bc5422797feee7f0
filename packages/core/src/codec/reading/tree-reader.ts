import { parseJson } from '../../base/values/parse-json.js'
import type { CodecExtension } from '../extension.js'
import { demand, MalformedMessageError } from '../malformed-message-error.js'
import { isMark, MAX_DEPTH } from '../marks.js'
import { fillExotic, openExotic, type Tree } from './exotic-reader.js'

// Stands for a view whose buffer is being read: nothing may refer to it yet.
const UNFINISHED = Symbol('unfinished')

interface Deferred {
  readonly node: object
  readonly value: object
}

/**
 * Reads the trees of one message in place: the plain objects and arrays that JSON.parse made become the message's.
 *
 * An object is opened before what is inside it is read, so that the inside can refer to it. Values that replace marks
 * are set on own properties that JSON.parse made, which cannot reach a prototype, even as `__proto__`.
 */
export class TreeReader implements Tree {
  readonly #trees: readonly unknown[]
  readonly #binaries: unknown[]
  readonly #extension: CodecExtension | undefined
  readonly #met: unknown[] = []
  readonly #deferred: Deferred[] = []

  constructor(trees: readonly unknown[], binaries: unknown[], extension: CodecExtension | undefined) {
    this.#trees = trees
    this.#binaries = binaries
    this.#extension = extension
  }

  /** Reads the values of the message, then what was too deep for them. */
  readValues(): unknown[] {
    const values = this.#trees[0]
    demand(Array.isArray(values), 'its values are missing')
    this.elements(values, -1)
    for (let i = 0; i < this.#deferred.length; i++) {
      const { node, value } = this.#deferred[i]!
      this.#fill(value, node, -1)
    }
    demand(this.#deferred.length === this.#trees.length - 1, 'it has a tree that nothing refers to')
    return values
  }

  value(node: unknown, depth: number): unknown {
    if (typeof node !== 'object' || node === null) return node
    if (!isMark(node)) return this.#object(node, depth)
    switch (node[1]) {
      case 'undefined':
        return undefined
      case 'NaN':
        return NaN
      case 'Infinity':
        return Infinity
      case '-Infinity':
        return -Infinity
      case '-0':
        return -0
      case 'bigint':
        return bigintOf(node[2])
      case 'again':
        return this.#again(node[2])
      case 'later':
        return this.#later(node[2])
      default:
        return this.#object(node, depth)
    }
  }

  properties(record: object, depth: number): void {
    const properties = record as Record<string, unknown>
    for (const key of Object.keys(properties)) {
      const node = properties[key]
      const value = this.value(node, depth + 1)
      if (value !== node) properties[key] = value
    }
  }

  elements(array: unknown[], depth: number): void {
    for (let i = 0; i < array.length; i++) {
      const node = array[i]
      const value = this.value(node, depth + 1)
      if (value !== node) array[i] = value
    }
  }

  entries(node: unknown, depth: number): [key: string, value: unknown][] {
    if (!Array.isArray(node)) {
      demand(typeof node === 'object' && node !== null, 'it has no properties')
      this.properties(node, depth)
      return Object.entries(node)
    }
    demand(node.length > 0 && node.length % 2 === 0, 'a property has no value')
    const entries: [string, unknown][] = []
    for (let i = 0; i < node.length; i += 2) {
      const key: unknown = node[i]
      demand(typeof key === 'string', 'a property has no key')
      entries.push([key, this.value(node[i + 1], depth + 1)])
    }
    return entries
  }

  takeBinary(index: unknown): unknown {
    demand(isIndex(index, this.#binaries.length), 'a binary is missing')
    const binary = this.#binaries[index]
    this.#binaries[index] = undefined
    return binary
  }

  decode(data: unknown, text: unknown): unknown {
    demand(this.#extension !== undefined, 'it needs the extension that its sender had')
    return this.#extension.decode(text === undefined ? data : parsed(text))
  }

  #object(node: object, depth: number): unknown {
    demand(depth <= MAX_DEPTH, 'it is too deep')
    const value = this.#open(node, depth)
    this.#fill(value, node, depth)
    return value
  }

  /** Makes the object that a node stands for, without what is inside, and numbers it as the writer did. */
  #open(node: object, depth: number): unknown {
    const ordinal = this.#met.push(UNFINISHED) - 1
    const value = isMark(node) ? openExotic(node, depth, this) : node
    this.#met[ordinal] = value
    return value
  }

  #fill(value: unknown, node: object, depth: number): void {
    if (isMark(node)) fillExotic(value, node, depth, this)
    else if (Array.isArray(node)) this.elements(node, depth)
    else this.properties(node, depth)
  }

  #again(ordinal: unknown): unknown {
    demand(
      isIndex(ordinal, this.#met.length) && this.#met[ordinal] !== UNFINISHED,
      'it refers to an object that it does not have',
    )
    return this.#met[ordinal]
  }

  #later(index: unknown): unknown {
    const node = this.#trees[this.#deferred.length + 1]
    demand(index === this.#deferred.length && typeof node === 'object' && node !== null, 'a tree is missing')
    const value = this.#open(node, -1)
    this.#deferred.push({ node, value: value as object })
    return value
  }
}

/** Whether a number from a message is an index below an end. */
function isIndex(value: unknown, end: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < end
}

function parsed(text: unknown): unknown {
  demand(typeof text === 'string', 'data of an extension has no text')
  try {
    return parseJson(text)
  } catch (cause) {
    throw new MalformedMessageError('data of an extension is no JSON', { cause })
  }
}

function bigintOf(digits: unknown): bigint {
  demand(typeof digits === 'string' && /^-?\d+$/.test(digits), 'a bigint is not one')
  try {
    return BigInt(digits)
  } catch (cause) {
    throw new MalformedMessageError('a bigint is too long', { cause })
  }
}
