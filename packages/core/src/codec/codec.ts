import { toError } from '../base/errors/thrown.js'
import { toBase64 } from './binary.js'
import type { CodecExtension } from './extension.js'
import { dataTexts } from './json-text.js'
import { demand } from './malformed-message-error.js'
import { TreeReader } from './reading/tree-reader.js'
import { TreeWriter } from './writing/tree-writer.js'

/**
 * Writes a message as JSON text: an array when the values are plain data, an object when they are more (see
 * `marks.ts`).
 *
 * The message is a snapshot, taken in one walk: each property is read once, and later changes do not travel. Values
 * arrive as `structuredClone` delivers them, with shared references, cycles and shared memory, at any depth. These
 * arrive better:
 *
 * - Errors keep their `name` (that of their class when they have no better), `code`, `cause`, `errors`, `stack` and other
 *   enumerable data, as an instance of the standard class that theirs extends. Data that cannot be cloned is left out,
 *   but for `cause`.
 * - A Node Buffer arrives as one, at any depth, also from another class that extends it. On a part of its memory it
 *   brings its own bytes, not the pool.
 *
 * These do not: a SharedArrayBuffer and the platform's own objects (Blob, KeyObject, MessagePort…) are refused, also
 * those of which `structuredClone` makes an empty object in some version of Node (URL, Headers, AbortSignal…), and a
 * view that follows the length of a resizable buffer arrives with the length that it has.
 *
 * @throws {NotCloneableError} When a value cannot be copied to another thread: functions, symbols, promises, weak
 *   collections, proxies, objects of the platform. Its path begins with the index of the value. Nothing was kept.
 * @throws {Error} What an accessor in them throws.
 */
export function encodeValues(values: readonly unknown[], extension?: CodecExtension): string {
  const writer = new TreeWriter(extension)
  try {
    const text = writer.writeValues(values)
    if (writer.isPlain) return text
    const trees = [text, ...writer.writeDeferred()]
    const binaries = writer.binaries.map(bytes => binaryText(bytes, extension))
    return `{"trees":[${trees.join(',')}],"binaries":[${binaries.join(',')}]}`
  } catch (error) {
    extension?.abandon?.()
    // An accessor may throw a value that cannot be read.
    throw toError(error)
  }
}

/**
 * Reads what `encodeValues` wrote and `JSON.parse` parsed. It uses the parsed objects for the values, so they are its
 * own from then on.
 *
 * @throws {MalformedMessageError} When `encodeValues` cannot have written it. Whatever it holds, no prototype changes,
 *   and the time taken is bounded by its size.
 */
export function decodeValues(parsed: unknown, extension?: CodecExtension): unknown[] {
  if (Array.isArray(parsed)) return parsed
  demand(typeof parsed === 'object' && parsed !== null, 'it is no message')
  const { trees, binaries } = parsed as { trees?: unknown; binaries?: unknown }
  demand(Array.isArray(trees) && Array.isArray(binaries), 'it has no trees')
  return new TreeReader(trees, binaries, extension).readValues()
}

function binaryText(bytes: Uint8Array, extension: CodecExtension | undefined): string {
  const data = extension?.encode(bytes)
  return data === undefined ? `"${toBase64(bytes)}"` : `[${dataTexts(data).join(',')}]`
}
