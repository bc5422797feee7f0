import { types } from 'node:util'
import { BroadcastChannel, MessagePort } from 'node:worker_threads'
import { bytesOf, growthLimit, isPartOfPool, viewLength, viewType } from '../binary.js'
import { dataKeys, errorShape, hiddenKeys } from '../error-shape.js'
import { dataTexts, stringText } from '../json-text.js'
import type { Kind } from '../marks.js'
import type { PathKey } from './path.js'
import { remedyOf } from './platform-objects.js'

/** The tree in which an exotic value is written, for what is inside it. */
export interface Tree {
  /**
   * Writes a value that is inside others.
   *
   * @param depth How many objects of this tree it is inside of.
   * @throws {NotCloneableError} When it, or something inside it, cannot travel.
   */
  value(value: unknown, key: PathKey, depth: number): string
  /** Writes a mark. */
  mark(kind: Kind, ...parts: readonly (string | number)[]): string
  /** Writes an object as a plain one, with its own enumerable properties. */
  record(value: object, depth: number): string
  /** Writes an array with its elements, holes and named properties. */
  array(array: readonly unknown[], depth: number): string
  /** Writes properties that may have any keys; those of which there is no text are left out. */
  properties(keys: readonly string[], write: (key: string) => string | null): string
  /** Writes something that may be left out; null, and no trace of it, when some of it cannot travel or be read. */
  attempt<T>(write: () => T): T | null
  /** Asks the extension for data to send instead of an object; undefined when it shall go as what it is. */
  offer(value: object): unknown
  /** Keeps bytes for later, and returns where they will be. */
  keep(bytes: Uint8Array): number
  /** The number of an object that was met before; otherwise undefined, and it is met from now on. */
  meet(value: object): number | undefined
  /** @throws {NotCloneableError} Always, for the object that is being written at this depth. */
  refuse(what: string, depth: number, remedy?: string): never
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice('[object '.length, -1)

// What structuredClone refuses, or carries by means that text does not have. The rest are instances of classes.
const REFUSED = new Set([
  'Arguments',
  'AsyncGenerator',
  'Blob',
  'CryptoKey',
  'File',
  'FinalizationRegistry',
  'Generator',
  'KeyObject',
  'Module',
  'Promise',
  'ReadableStream',
  'SharedArrayBuffer',
  'TransformStream',
  'WeakMap',
  'WeakRef',
  'WeakSet',
  'WritableStream',
  'global',
])
const REFUSED_FAMILY = /^(?:Intl|WebAssembly)\.|Iterator$/

/** Writes an object that is neither plain nor an ordinary array. */
export function writeExotic(value: object, depth: number, tree: Tree): string {
  if (types.isProxy(value)) return writeProxy(value, depth, tree)
  if (ArrayBuffer.isView(value)) return writeView(value, depth, tree)
  if (types.isArrayBuffer(value)) return writeBuffer(value, depth, tree)
  const offered = tree.offer(value)
  if (offered !== undefined) return tree.mark('extension', ...dataTexts(offered))
  if (typeof value === 'function') return tree.refuse('a function', depth)
  if (Array.isArray(value)) return tree.array(value, depth)
  const tag = tagOf(value)
  return tag === 'Object' ? tree.record(value, depth) : writeTagged(value, tag, depth, tree)
}

/**
 * What stands for something of the extension may be one. What any other answers when it is looked at is its own, and it
 * may be revoked.
 */
function writeProxy(value: object, depth: number, tree: Tree): string {
  const offered = tree.attempt(() => tree.offer(value))
  return offered === undefined || offered === null
    ? tree.refuse('a Proxy', depth)
    : tree.mark('extension', ...dataTexts(offered))
}

/** Tags can be forged, so what an object is gets asked of the engine. */
function writeTagged(value: object, tag: string, depth: number, tree: Tree): string {
  if (types.isDate(value)) return tree.mark('date', timeText(value))
  if (types.isNativeError(value) || value instanceof Error) return writeError(value, depth, tree)
  if (types.isMap(value)) return tree.mark('map', writeMembers(mapMembers(value), depth, tree))
  if (types.isSet(value)) return tree.mark('set', writeMembers(setMembers(value), depth, tree))
  if (types.isRegExp(value)) return tree.mark('regexp', stringText(value.source), stringText(value.flags))
  if (types.isSymbolObject(value)) return tree.refuse('a symbol', depth)
  if (types.isBoxedPrimitive(value)) return tree.mark('boxed', tree.value(value.valueOf(), '', depth + 1))
  if (REFUSED.has(tag) || REFUSED_FAMILY.test(tag)) return tree.refuse(`a value of type ${tag}`, depth)
  if (value instanceof MessagePort) return tree.refuse('a MessagePort', depth)
  if (value instanceof BroadcastChannel) return tree.refuse('a BroadcastChannel', depth)
  const remedy = remedyOf(value, tag)
  if (remedy !== undefined) return tree.refuse(`a value of type ${tag}`, depth, remedy)
  return tree.record(value, depth)
}

function timeText(date: Date): string | number {
  const time = Date.prototype.getTime.call(date)
  return Number.isNaN(time) ? 'null' : time
}

/** Lists the entries before any is written: a getter inside one could change the Map. */
function mapMembers(map: Map<unknown, unknown>): unknown[] {
  const members: unknown[] = []
  Map.prototype.forEach.call(map, (value, key) => members.push(key, value))
  return members
}

function setMembers(set: Set<unknown>): unknown[] {
  const members: unknown[] = []
  Set.prototype.forEach.call(set, member => members.push(member))
  return members
}

function writeMembers(members: readonly unknown[], depth: number, tree: Tree): string {
  return `[${members.map((member, i) => tree.value(member, i, depth + 1)).join(',')}]`
}

function writeError(error: Error, depth: number, tree: Tree): string {
  const { type, name, message, stack } = errorShape(error)
  const texts = [type, name, message, stack].map(text => (text === undefined ? 'null' : stringText(text)))
  const hidden = tree.properties(hiddenKeys(error, type), key => errorProperty(error, key, depth, tree))
  const shown = tree.properties(dataKeys(error, type), key => errorProperty(error, key, depth, tree))
  return tree.mark('error', ...texts, hidden, shown)
}

/**
 * StructuredClone sends `cause` and no other data of an error. What of the rest cannot travel is left behind, so that
 * the error itself arrives.
 */
function errorProperty(error: Error, key: string, depth: number, tree: Tree): string | null {
  const write = (): string => tree.value((error as unknown as Record<string, unknown>)[key], key, depth + 1)
  return key === 'cause' ? write() : tree.attempt(write)
}

function writeBuffer(buffer: ArrayBuffer, depth: number, tree: Tree): string {
  const bytes = bytesOf(buffer)
  if (bytes === undefined) return tree.refuse('a detached ArrayBuffer', depth)
  return tree.mark('buffer', tree.keep(bytes), growthLimit(buffer) ?? 'null')
}

function writeView(view: ArrayBufferView, depth: number, tree: Tree): string {
  const type = viewType(view)
  const { buffer, byteOffset, byteLength } = view
  if (type === undefined) return tree.refuse('a view of an unknown type', depth)
  if (!types.isArrayBuffer(buffer)) return tree.refuse('a view of a SharedArrayBuffer', depth)
  if (!isPartOfPool(type, view)) {
    return tree.mark('view', stringText(type), tree.value(buffer, 'buffer', depth + 1), byteOffset, viewLength(view))
  }
  // Its bytes arrive as a buffer of their own, which is an object that nothing else in the message can be.
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  tree.meet(bytes)
  return tree.mark('view', stringText(type), tree.mark('buffer', tree.keep(bytes), 'null'), 0, byteLength)
}
