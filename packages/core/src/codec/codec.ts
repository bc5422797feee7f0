import { toError } from '../base/errors/thrown.js'
import type { CodecExtension } from './extension.js'
import { HeldValues } from './held-values.js'
import { demand } from './malformed-message-error.js'
import type { Binaries, Parts } from './parts.js'
import { ValueReader } from './reading/value-reader.js'
import { readText, writeText } from './text-form.js'
import { ValueWriter, type WrittenParts } from './writing/value-writer.js'

/**
 * Takes the values of a message apart.
 *
 * The message is a snapshot, taken in one walk: each property is read once, and later changes do not travel, but for
 * the bytes of binaries, which are still the sender's memory. Values arrive as `structuredClone` delivers them, with
 * shared references, cycles and shared memory, at any depth. These arrive better:
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
export function takeApart(values: readonly unknown[], extension?: CodecExtension): WrittenParts {
  const writer = new ValueWriter()
  try {
    writer.write(values, extension)
    return writer
  } catch (error) {
    extension?.abandon?.()
    // An accessor may throw a value that cannot be read.
    throw toError(error)
  }
}

/**
 * Puts the values of a message together.
 *
 * @throws {MalformedMessageError} When `takeApart` cannot have made the parts. Whatever they hold, no prototype
 *   changes, and the time taken is bounded by their size.
 */
export function putTogether(parts: Parts, binaries: Binaries, extension?: CodecExtension): unknown[] {
  const reader = new ValueReader(parts, binaries)
  const values = reader.read(extension)
  const { codes, numbers, texts } = parts
  demand(reader.isAt(codes.length, numbers.length, texts.length), 'it is longer or shorter than it says')
  return values
}

/**
 * Writes a message as JSON text.
 *
 * @throws As `takeApart` does.
 */
export function encodeValues(values: readonly unknown[], extension?: CodecExtension): string {
  return writeText(takeApart(values, extension))
}

/**
 * Reads values: what `encodeValues` wrote and `JSON.parse` parsed, or those of a message that is no text. It uses the
 * parsed objects for the values, so they are its own from then on.
 *
 * @throws As `putTogether` does.
 */
export function decodeValues(values: unknown, extension?: CodecExtension): unknown[] {
  if (values instanceof HeldValues) return values.read(extension)
  demand(Array.isArray(values), 'it is no message')
  return putTogether(...readText(values), extension)
}
