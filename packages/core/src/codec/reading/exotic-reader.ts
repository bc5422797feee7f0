import { fromBase64, isViewType, resizableCopy, viewOf } from '../binary.js'
import { defineHidden, errorOf, isErrorType } from '../error-shape.js'
import { demand, MalformedMessageError } from '../malformed-message-error.js'

/** The tree in which an exotic value stands, for what is inside it. */
export interface Tree {
  /** Reads a value that is inside; `depth` tells how many objects of this tree it is inside of. */
  value(node: unknown, depth: number): unknown
  /** Reads the properties of an object, in place. */
  properties(record: object, depth: number): void
  /** Reads the elements of an array, in place. */
  elements(array: unknown[], depth: number): void
  /** Reads properties that may have any keys, in the order in which they were written. */
  entries(node: unknown, depth: number): [key: string, value: unknown][]
  /** Takes what stands in the table of binaries, once: base64, or in an array what the extension returned. */
  takeBinary(index: unknown): unknown
  /** Turns what the extension of the sender returned into a value again: data, or the text of it. */
  decode(data: unknown, text: unknown): unknown
}

const MAX_ARRAY_LENGTH = 2 ** 32 - 1
const MAX_TIME_MS = 8.64e15

/** Makes the object that a mark stands for, without the values inside it. */
export function openExotic(mark: readonly unknown[], depth: number, tree: Tree): unknown {
  switch (mark[1]) {
    case 'object':
      return openObject(mark[2])
    case 'array':
      return openArray(mark[2])
    case 'date':
      return openDate(mark[2])
    case 'regexp':
      return openRegExp(mark[2], mark[3])
    case 'boxed':
      return openBoxed(mark[2], depth, tree)
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'error':
      return openError(mark)
    case 'buffer':
      return openBuffer(mark[2], mark[3], tree)
    case 'view':
      return openView(mark, depth, tree)
    case 'extension':
      return tree.decode(mark[2], mark[3])
    default:
      throw new MalformedMessageError('it has a mark of an unknown kind')
  }
}

/** Reads the values inside an object that was opened before, in the order in which they were written. */
export function fillExotic(value: unknown, mark: readonly unknown[], depth: number, tree: Tree): void {
  switch (mark[1]) {
    case 'object':
      return fillObject(value as object, mark[3], depth, tree)
    case 'array':
      return fillArray(value as unknown[], mark, depth, tree)
    case 'map':
      return fillMap(value as Map<unknown, unknown>, mark[2], depth, tree)
    case 'set':
      return fillSet(value as Set<unknown>, mark[2], depth, tree)
    case 'error':
      return fillError(value as Error, mark, depth, tree)
    default:
  }
}

function openObject(plain: unknown): object {
  demand(isRecord(plain), 'an object has no properties')
  return plain
}

function fillObject(object: object, rest: unknown, depth: number, tree: Tree): void {
  tree.properties(object, depth)
  for (const [key, value] of tree.entries(rest, depth)) defineShown(object, key, value)
}

function openArray(dense: unknown): unknown[] {
  demand(Array.isArray(dense), 'an array has no elements')
  return dense
}

function fillArray(array: unknown[], [, , , rest, length]: readonly unknown[], depth: number, tree: Tree): void {
  demand(isLength(length) && length >= array.length, 'an array has no length')
  tree.elements(array, depth)
  for (const [key, value] of tree.entries(rest, depth)) {
    demand(key !== 'length', 'an array has a length that is none')
    defineShown(array, key, value)
  }
  setLength(array, length)
}

/** Sets a length without memory for all of it: V8 keeps an array with an element far behind the others as a dictionary. */
function setLength(array: unknown[], length: number): void {
  if (length > array.length) {
    array[length - 1] = undefined
    Reflect.deleteProperty(array, length - 1)
  }
  array.length = length
}

function openDate(time: unknown): Date {
  demand(time === null || (typeof time === 'number' && Math.abs(time) <= MAX_TIME_MS), 'a date has no time')
  return new Date(time ?? NaN)
}

function openRegExp(source: unknown, flags: unknown): RegExp {
  demand(typeof source === 'string' && typeof flags === 'string', 'a regular expression has no source')
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    throw new MalformedMessageError('a regular expression cannot be compiled', { cause })
  }
}

function openBoxed(node: unknown, depth: number, tree: Tree): object {
  const value = tree.value(node, depth + 1)
  demand(['string', 'number', 'boolean', 'bigint'].includes(typeof value), 'a boxed primitive is not one')
  return Object(value) as object
}

function fillMap(map: Map<unknown, unknown>, members: unknown, depth: number, tree: Tree): void {
  demand(Array.isArray(members) && members.length % 2 === 0, 'a Map has no entries')
  tree.elements(members, depth)
  for (let i = 0; i < members.length; i += 2) map.set(members[i], members[i + 1])
}

function fillSet(set: Set<unknown>, members: unknown, depth: number, tree: Tree): void {
  demand(Array.isArray(members), 'a Set has no members')
  tree.elements(members, depth)
  for (const member of members) set.add(member)
}

function openError([, , type, name, message, stack]: readonly unknown[]): Error {
  demand(isErrorType(type) && typeof name === 'string', 'an error has no type')
  return errorOf({ type, name, message: textOf(message), stack: textOf(stack) })
}

function fillError(error: Error, [, , , , , , hidden, shown]: readonly unknown[], depth: number, tree: Tree): void {
  for (const [key, value] of tree.entries(hidden, depth)) defineHidden(error, key, value)
  for (const [key, value] of tree.entries(shown, depth)) defineShown(error, key, value)
}

function openBuffer(index: unknown, maxByteLength: unknown, tree: Tree): ArrayBuffer {
  const binary = tree.takeBinary(index)
  const buffer =
    typeof binary === 'string'
      ? fromBase64(binary)
      : Array.isArray(binary)
        ? tree.decode(binary[0], binary[1])
        : undefined
  demand(buffer instanceof ArrayBuffer, 'a binary is neither base64 nor what the extension knows')
  if (maxByteLength === null) return buffer
  demand(isLength(maxByteLength) && maxByteLength >= buffer.byteLength, 'a buffer has no limit')
  try {
    return resizableCopy(buffer, maxByteLength)
  } catch (cause) {
    throw new MalformedMessageError('a buffer has a limit that cannot be kept', { cause })
  }
}

function openView(
  [, , type, node, byteOffset, length]: readonly unknown[],
  depth: number,
  tree: Tree,
): ArrayBufferView {
  const buffer = tree.value(node, depth + 1)
  demand(buffer instanceof ArrayBuffer && isViewType(type), 'a view has no buffer')
  demand(Number.isInteger(byteOffset) && Number.isInteger(length), 'a view has no place in its buffer')
  try {
    return viewOf(type, buffer, byteOffset as number, length as number)
  } catch (cause) {
    throw new MalformedMessageError('a view does not fit its buffer', { cause })
  }
}

function textOf(text: unknown): string | undefined {
  demand(text === null || typeof text === 'string', 'an error has no text')
  return text ?? undefined
}

/** Defines and does not assign: a key such as `__proto__` becomes a property like any other. */
function defineShown(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: true })
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ARRAY_LENGTH
}
