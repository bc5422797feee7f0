import { hasEscapedKey } from '../base/values/parse-json.js'

const MAX_KEPT_KEYS = 1024
const MAX_KEPT_CHARS = 32

// All but control characters, quotes, backslashes, and surrogates, of which JSON.stringify escapes the lone ones.
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

const firstKeys = new Map<string, string>()
const nextKeys = new Map<string, string>()

/** The JSON text of a string. The check costs a quarter of what JSON.stringify does. */
export function stringText(value: string): string {
  return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`
}

/** What stands for the text of a key that must not stand in an object, see `isPlainKey`. */
export const NO_KEY_TEXT = ''

/** The JSON text of an object up to the value of its first property, or `NO_KEY_TEXT`. */
export function firstKeyText(key: string): string {
  return firstKeys.get(key) ?? keep(firstKeys, key, keyText('{', key))
}

/** The JSON text between two values of an object, or `NO_KEY_TEXT`. */
export function nextKeyText(key: string): string {
  return nextKeys.get(key) ?? keep(nextKeys, key, keyText(',', key))
}

/**
 * Whether a key stands in JSON as it is. Those with an escape are read as others by some versions of V8, see
 * `parseJson`, so none is written.
 */
export function isPlainKey(key: string): boolean {
  return !hasEscape(stringText(key))
}

/**
 * Data of others as the JSON texts `[data]`, or as `[null, text]` when a key in it has an escape: the text is read for
 * itself, by `parseJson`.
 */
export function dataTexts(data: unknown): string[] {
  const text = JSON.stringify(data)
  return hasEscapedKey(text) ? ['null', JSON.stringify(text)] : [text]
}

/** Whether JSON keeps a number: it has no NaN, no infinity and no -0. */
export function isJsonNumber(value: number): boolean {
  return value - value === 0 && (value !== 0 || 1 / value > 0)
}

function keyText(before: string, key: string): string {
  const text = stringText(key)
  return hasEscape(text) ? NO_KEY_TEXT : `${before}${text}:`
}

function hasEscape(text: string): boolean {
  return text.includes('\\')
}

/** Names of properties recur: the first 1024 short ones are not built again. */
function keep(texts: Map<string, string>, key: string, text: string): string {
  if (texts.size < MAX_KEPT_KEYS && key.length <= MAX_KEPT_CHARS) texts.set(key, text)
  return text
}
