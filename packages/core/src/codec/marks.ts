/**
 * How a message is written.
 *
 * A message of plain data is the JSON array of its values, and needs no reading after `JSON.parse`. Any other message
 * is an object:
 *
 *     { "trees": [values, later…], "binaries": [base64 | [data of the extension] | [null, its JSON text], …] }
 *
 * In its trees, an array that begins with `"$"` is a mark, which stands for what JSON lacks:
 *
 *     ["$", "undefined"]   also "NaN", "Infinity", "-Infinity" and "-0"
 *     ["$", "bigint", digits]
 *     ["$", "again", ordinal]                            an object that was met before
 *     ["$", "later", index]                              an object that stands in a tree of its own
 *     ["$", "object", plain, [key, value, …]]            from some property on, keys alternate with values
 *     ["$", "array", dense, rest, length]                has holes or named properties, or begins with "$"
 *     ["$", "date", milliseconds | null]
 *     ["$", "regexp", source, flags]
 *     ["$", "boxed", primitive]
 *     ["$", "map", [key, value, …]]
 *     ["$", "set", [member, …]]
 *     ["$", "error", type, name, message | null, stack | null, hidden, shown]
 *     ["$", "buffer", index into binaries, maxByteLength | null]
 *     ["$", "view", type, buffer, byteOffset, length]
 *     ["$", "extension", data]                           or null and its JSON text
 *
 * Nowhere does an object have a key that JSON writes with an escape, since some versions of V8 read it as another (see
 * `parseJson`). Where properties may have any key, as in the `rest` of an array and in what is `hidden` and `shown` of
 * an error, they stand in an object or, if one of their keys has an escape, as `[key, value, …]`; data of an extension
 * stands as text then.
 *
 * Objects are numbered in the order in which they are met, by writer and reader alike: that is what "again" counts.
 */
export const MARK = '$'

/** The marks of values without identity. */
type PrimitiveKind = 'undefined' | 'NaN' | 'Infinity' | '-Infinity' | '-0' | 'bigint'

/** The marks of objects. */
type ObjectKind =
  | 'object'
  | 'array'
  | 'date'
  | 'regexp'
  | 'boxed'
  | 'map'
  | 'set'
  | 'error'
  | 'buffer'
  | 'view'
  | 'extension'

export type Kind = PrimitiveKind | ObjectKind | 'again' | 'later'

/**
 * How many objects stand inside one another in one tree; what is deeper goes into the next tree. Neither writer nor
 * reader can overflow the stack, however deep a message is.
 */
export const MAX_DEPTH = 200

/** Whether parsed JSON is a mark. */
export function isMark(node: object): node is unknown[] {
  return Array.isArray(node) && node[0] === MARK
}
