import { types } from 'node:util'
import { NotCloneableError } from '../../base/errors/errors.js'
import type { CodecExtension } from '../extension.js'
import { firstKeyText, isJsonNumber, isPlainKey, nextKeyText, NO_KEY_TEXT, stringText } from '../json-text.js'
import { MARK, MAX_DEPTH, type Kind } from '../marks.js'
import { hasOnlyElements, isIndexBelow, isLongAndFlat } from './array-shape.js'
import { writeExotic, type Tree } from './exotic-writer.js'
import { Identities } from './identities.js'
import { formatPath, type PathKey } from './path.js'

interface Deferred {
  readonly value: object
  readonly path: string
}

/**
 * Writes the trees of one message in one walk: each property is read once, and each object is written once.
 *
 * Writing JSON here costs less for small messages than checking that JSON.stringify would be faithful and then calling
 * it, and what was checked is what was written, whatever getters and `toJSON` do.
 *
 * What an object is, other than a plain one or an array, is the matter of `writeExotic`.
 */
export class TreeWriter implements Tree {
  readonly #extension: CodecExtension | undefined
  readonly #identities = new Identities()
  readonly #deferred: Deferred[] = []
  readonly #binaries: Uint8Array[] = []
  // The keys that lead from the root of the tree to the object that is being written.
  readonly #keys: PathKey[] = []
  #rootPath = ''
  #isPlain = true

  constructor(extension: CodecExtension | undefined) {
    this.#extension = extension
  }

  /** Whether no mark was needed: the first tree is then the whole message. */
  get isPlain(): boolean {
    return this.#isPlain
  }

  /** The bytes that the marks of buffers point to, to be written when all else proved to be cloneable. */
  get binaries(): readonly Uint8Array[] {
    return this.#binaries
  }

  /** Writes the values of a message; objects that are too deep are left for `writeDeferred`. */
  writeValues(values: readonly unknown[]): string {
    let text = '['
    for (let i = 0; i < values.length; i++) {
      if (i > 0) text += ','
      text += this.value(values[i], i, 0)
    }
    return `${text}]`
  }

  /** Writes what was too deep, in trees of their own, and what is too deep in these, and so on. */
  writeDeferred(): string[] {
    const trees: string[] = []
    for (let i = 0; i < this.#deferred.length; i++) {
      const { value, path } = this.#deferred[i]!
      this.#rootPath = path
      // The path of a root is all in `#rootPath`, so that its children begin where a tree's own keys begin.
      trees.push(this.#object(value, -1))
    }
    return trees
  }

  value(value: unknown, key: PathKey, depth: number): string {
    switch (typeof value) {
      case 'string':
        return stringText(value)
      case 'number':
        return isJsonNumber(value) ? String(value) : this.mark(numberKind(value))
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return this.mark('undefined')
      case 'bigint':
        return this.mark('bigint', `"${value}"`)
      case 'symbol':
        this.#keys[depth] = key
        return this.refuse('a symbol', depth)
      default:
        if (value === null) return 'null'
        this.#keys[depth] = key
        return this.#identity(value as object, depth)
    }
  }

  mark(kind: Kind, ...parts: readonly (string | number)[]): string {
    this.#isPlain = false
    const head = `["${MARK}","${kind}"`
    return parts.length === 0 ? `${head}]` : `${head},${parts.join(',')}]`
  }

  record(value: object, depth: number): string {
    let text = ''
    // V8 knows this form of a loop: it makes no list of keys, and checks ownership for nothing.
    for (const key in value) {
      if (!Object.prototype.hasOwnProperty.call(value, key)) continue
      const keyText = text === '' ? firstKeyText(key) : nextKeyText(key)
      if (keyText === NO_KEY_TEXT) return this.#unplain(text, value, key, depth)
      text += keyText
      text += this.value((value as Record<string, unknown>)[key], key, depth + 1)
    }
    return text === '' ? '{}' : `${text}}`
  }

  array(array: readonly unknown[], depth: number): string {
    if (!hasOnlyElements(array)) return this.#sparse('[', array, 0, depth)
    if (isLongAndFlat(array) && array[0] !== MARK) return JSON.stringify(array)
    let text = '['
    let isLikeMark = false
    for (let i = 0; i < array.length; i++) {
      const element = array[i]
      if (element === undefined && !Object.hasOwn(array, i)) return this.#sparse(text, array, i, depth)
      if (i > 0) text += ','
      else isLikeMark = element === MARK
      text += this.value(element, i, depth + 1)
    }
    text += ']'
    return isLikeMark ? this.mark('array', text, '{}', array.length) : text
  }

  properties(keys: readonly string[], write: (key: string) => string | null): string {
    const texts = keys.map(key => ({ key, text: write(key) })).filter(({ text }) => text !== null)
    if (texts.every(({ key }) => isPlainKey(key)))
      return `{${texts.map(({ key, text }) => `"${key}":${text}`).join(',')}}`
    return `[${texts.map(({ key, text }) => `${stringText(key)},${text}`).join(',')}]`
  }

  attempt<T>(write: () => T): T | null {
    const { size } = this.#identities
    const deferred = this.#deferred.length
    const binaries = this.#binaries.length
    try {
      return write()
    } catch {
      this.#identities.forgetFrom(size)
      this.#deferred.length = deferred
      this.#binaries.length = binaries
      return null
    }
  }

  offer(value: object): unknown {
    return this.#extension?.encode(value)
  }

  keep(bytes: Uint8Array): number {
    return this.#binaries.push(bytes) - 1
  }

  meet(value: object): number | undefined {
    return this.#identities.meet(value)
  }

  refuse(what: string, depth: number, remedy?: string): never {
    throw new NotCloneableError(what, this.#path(depth), remedy)
  }

  #identity(value: object, depth: number): string {
    const ordinal = this.meet(value)
    if (ordinal !== undefined) return this.mark('again', ordinal)
    // A view meets its buffer at once, and so does its reader: it cannot wait, and has nothing deep inside.
    if (depth >= MAX_DEPTH && !ArrayBuffer.isView(value)) return this.#defer(value, depth)
    return this.#object(value, depth)
  }

  #object(value: object, depth: number): string {
    if (types.isProxy(value)) return writeExotic(value, depth, this)
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = prototype === Object.prototype || prototype === null || prototype === Array.prototype
    if (!isPlain || typeof value === 'function') return writeExotic(value, depth, this)
    return Array.isArray(value) ? this.array(value, depth) : this.record(value, depth)
  }

  #defer(value: object, depth: number): string {
    this.#deferred.push({ value, path: this.#path(depth) })
    return this.mark('later', this.#deferred.length - 1)
  }

  /** Goes on with an array whose elements up to a hole are written. Time and text follow what is there, not the length. */
  #sparse(dense: string, array: readonly unknown[], end: number, depth: number): string {
    const keys = Object.keys(array).filter(key => !isIndexBelow(key, end))
    const rest = this.properties(keys, key =>
      this.value((array as unknown as Record<string, unknown>)[key], key, depth + 1),
    )
    return this.mark('array', `${dense}]`, rest, array.length)
  }

  /**
   * Goes on with an object whose properties up to one are written, from the first key on that must not stand in an
   * object.
   */
  #unplain(plain: string, value: object, from: string, depth: number): string {
    const keys = Object.keys(value)
    let rest = ''
    for (const key of keys.slice(keys.indexOf(from))) {
      // An accessor may have removed it.
      if (!Object.hasOwn(value, key)) continue
      if (rest !== '') rest += ','
      rest += `${stringText(key)},${this.value((value as Record<string, unknown>)[key], key, depth + 1)}`
    }
    return this.mark('object', plain === '' ? '{}' : `${plain}}`, `[${rest}]`)
  }

  #path(depth: number): string {
    return this.#rootPath + formatPath(this.#keys.slice(0, depth + 1))
  }
}

function numberKind(value: number): Kind {
  if (value === 0) return '-0'
  if (value > 0) return 'Infinity'
  return value < 0 ? '-Infinity' : 'NaN'
}
