import { types } from 'node:util'
import { BroadcastChannel, MessagePort } from 'node:worker_threads'
import { bytesOf, growthLimit, isPartOfPool, VIEW_TYPES, viewLength, viewType } from '../binary.js'
import { dataKeys, errorShape, hiddenKeys, type ErrorType } from '../error-shape.js'
import {
  BOXED,
  BUFFER,
  DATE,
  ERROR,
  EXTENSION,
  HAS_MESSAGE,
  HAS_STACK,
  LATER,
  LIST,
  MAP,
  RECORD,
  REGEXP,
  SET,
  VIEW,
} from '../parts.js'
import type { PathKey } from './path.js'
import { remedyOf } from './platform-objects.js'

/** The message into which an exotic value is written, for what is inside it. */
export interface Writing {
  /** Writes a code. */
  code(code: number): void
  /** Writes a number to go with a code. */
  number(number: number): void
  /** Writes a text to go with a code. */
  text(text: string): void
  /**
   * Writes a value that is inside others.
   *
   * @param depth How many objects it is inside of.
   * @throws {NotCloneableError} When it, or something inside it, cannot travel.
   */
  value(value: unknown, key: PathKey, depth: number): void
  /** Writes an object as a plain one, with its own enumerable properties. */
  record(value: object, depth: number): void
  /** Writes an array with its elements, holes and named properties. */
  array(array: readonly unknown[], depth: number): void
  /** Writes how many values there are, and the values. */
  items(items: readonly unknown[], depth: number): void
  /** Writes pairs, and leaves out those that may fail and do. */
  pairs(keys: readonly string[], write: (key: string) => void, mayFail: (key: string) => boolean): void
  /** Does something that may be left out; false, and no trace of it, when some of it cannot travel or be read. */
  attempt(write: () => void): boolean
  /** Asks the extension for data to send instead of an object; undefined when it shall go as what it is. */
  offer(value: object): unknown
  /** Writes a binary to go with a code. */
  binary(bytes: Uint8Array): void
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
export function writeExotic(value: object, depth: number, message: Writing): void {
  if (types.isProxy(value)) writeProxy(value, depth, message)
  else if (ArrayBuffer.isView(value)) writeView(value, depth, message)
  else if (types.isArrayBuffer(value)) writeBuffer(value, depth, message)
  else if (!writeOffered(value, message)) writeUnoffered(value, depth, message)
}

/** Writes what the extension has declined. */
export function writeUnoffered(value: object, depth: number, message: Writing): void {
  if (typeof value === 'function') message.refuse('a function', depth)
  else if (Array.isArray(value)) message.array(value, depth)
  else if (tagOf(value) === 'Object') message.record(value, depth)
  else if (!writeSmall(value, depth, message)) writeLarge(value, depth, message)
}

/** Writes an object that may have others inside it. */
function writeLarge(value: object, depth: number, message: Writing): void {
  if (types.isMap(value)) writeMembers(MAP, mapMembers(value), depth, message)
  else if (types.isSet(value)) writeMembers(SET, setMembers(value), depth, message)
  else if (isAnyError(value)) {
    const type = openError(value, message)
    message.pairs(hiddenKeys(value, type), ...errorPairs(value, depth, message))
    message.pairs(dataKeys(value, type), ...errorPairs(value, depth, message))
  } else {
    expectRecord(value, depth, message)
    message.record(value, depth)
  }
}

/**
 * Writes what an object is, and leaves for later what is inside it. Returns false when there is nothing to leave: all
 * of it is written then.
 */
export function openExotic(value: object, depth: number, message: Writing): boolean {
  if (types.isProxy(value) || types.isArrayBuffer(value)) {
    writeExotic(value, depth, message)
    return false
  }
  if (writeOffered(value, message)) return false
  if (typeof value === 'function') return message.refuse('a function', depth)
  if (writeSmall(value, depth, message)) return false
  message.code(LATER)
  if (Array.isArray(value)) message.code(LIST)
  else if (types.isMap(value)) message.code(MAP)
  else if (types.isSet(value)) message.code(SET)
  else if (isAnyError(value)) openError(value, message)
  else {
    expectRecord(value, depth, message)
    message.code(RECORD)
  }
  return true
}

/** Writes what the extension gives for an object, if it gives anything. */
function writeOffered(value: object, message: Writing): boolean {
  const offered = message.offer(value)
  if (offered === undefined) return false
  message.code(EXTENSION)
  message.text(JSON.stringify(offered))
  return true
}

/**
 * What stands for something of the extension may be one. What any other answers when it is looked at is its own, and it
 * may be revoked.
 */
function writeProxy(value: object, depth: number, message: Writing): void {
  let isOffered = false
  message.attempt(() => (isOffered = writeOffered(value, message)))
  if (!isOffered) message.refuse('a Proxy', depth)
}

/** Writes an object that has no other objects inside it. Tags can be forged, so what it is gets asked of the engine. */
function writeSmall(value: object, depth: number, message: Writing): boolean {
  if (types.isDate(value)) {
    message.code(DATE)
    message.number(Date.prototype.getTime.call(value))
  } else if (types.isRegExp(value)) {
    message.code(REGEXP)
    message.text(value.source)
    message.text(value.flags)
  } else if (types.isSymbolObject(value)) {
    message.refuse('a symbol', depth)
  } else if (types.isBoxedPrimitive(value)) {
    message.code(BOXED)
    message.value(value.valueOf(), '', depth + 1)
  } else return false
  return true
}

/** @throws {NotCloneableError} When nothing of it would arrive. */
function expectRecord(value: object, depth: number, message: Writing): void {
  const tag = tagOf(value)
  if (tag === 'Object') return
  if (REFUSED.has(tag) || REFUSED_FAMILY.test(tag)) message.refuse(`a value of type ${tag}`, depth)
  if (value instanceof MessagePort) message.refuse('a MessagePort', depth)
  if (value instanceof BroadcastChannel) message.refuse('a BroadcastChannel', depth)
  const remedy = remedyOf(value, tag)
  if (remedy !== undefined) message.refuse(`a value of type ${tag}`, depth, remedy)
}

function writeMembers(code: number, members: readonly unknown[], depth: number, message: Writing): void {
  message.code(code)
  message.items(members, depth)
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

function isAnyError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error
}

function openError(error: Error, message: Writing): ErrorType {
  const { type, name, message: text, stack } = errorShape(error)
  message.code(ERROR)
  message.code((text === undefined ? 0 : HAS_MESSAGE) | (stack === undefined ? 0 : HAS_STACK))
  for (const part of [type, name, text, stack]) if (part !== undefined) message.text(part)
  return type
}

/**
 * StructuredClone sends `cause` and no other data of an error. What of the rest cannot travel is left behind, so that
 * the error itself arrives.
 */
function errorPairs(
  error: Error,
  depth: number,
  message: Writing,
): [write: (key: string) => void, mayFail: (key: string) => boolean] {
  return [
    key => message.value((error as unknown as Record<string, unknown>)[key], key, depth + 1),
    key => key !== 'cause',
  ]
}

function writeBuffer(buffer: ArrayBuffer, depth: number, message: Writing): void {
  const bytes = bytesOf(buffer)
  if (bytes === undefined) return message.refuse('a detached ArrayBuffer', depth)
  writeBytes(bytes, growthLimit(buffer) ?? -1, message)
}

function writeBytes(bytes: Uint8Array, growthLimitBytes: number, message: Writing): void {
  message.code(BUFFER)
  message.binary(bytes)
  message.number(growthLimitBytes)
}

function writeView(view: ArrayBufferView, depth: number, message: Writing): void {
  const type = viewType(view)
  const { buffer, byteOffset, byteLength } = view
  if (type === undefined) return message.refuse('a view of an unknown type', depth)
  if (!types.isArrayBuffer(buffer)) return message.refuse('a view of a SharedArrayBuffer', depth)
  message.code(VIEW)
  message.code(VIEW_TYPES.indexOf(type))
  if (!isPartOfPool(type, view)) {
    message.value(buffer, 'buffer', depth + 1)
    message.number(byteOffset)
    message.number(viewLength(view))
    return
  }
  // Its bytes arrive as a buffer of their own, which is an object that nothing else in the message can be.
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  message.meet(bytes)
  writeBytes(bytes, -1, message)
  message.number(0)
  message.number(byteLength)
}
