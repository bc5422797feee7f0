const BACKSLASH = 92

// A number, true, false or null.
const WORD = /[^\s,\]}]+/y

/**
 * Reads JSON text as `JSON.parse` does, whichever version of Node reads it. For text that others have written: what
 * Zera writes itself for its own threads needs no care.
 *
 * V8 13 to 15, those of Node 24 and 26, compare the text of a key with the keys of objects that the program has made,
 * and forget that there may be an escape in it: once there was an object with the key `\`, the key that is written as
 * `"\n"` is read as `\`, and so on for any other key with a backslash in it. Keys that need no escape are read as they
 * are.
 *
 * @throws {SyntaxError} When the text is no JSON.
 */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text)
  return hasEscapedKey(text) ? read(text) : parsed
}

/** Whether a key of a JSON text is written with an escape. The text must be JSON. */
export function hasEscapedKey(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    // A backslash is always inside a string.
    at = endOfString(text, at)
    while (isSpace(text[at])) at += 1
    if (text[at] === ':') return true
  }
  return false
}

/** Reads text that is known to be JSON, without a recursion that its depth could overflow. */
function read(text: string): unknown {
  const root: unknown[] = []
  const owners: object[] = [root]
  let key: string | undefined
  for (let at = 0; at < text.length;) {
    const char = text[at] as string
    const owner = owners.at(-1) as object
    if (char === ',' || char === ':' || isSpace(char)) {
      at += 1
    } else if (char === '}' || char === ']') {
      owners.pop()
      at += 1
    } else {
      const opened = char === '{' ? {} : char === '[' ? [] : undefined
      const end = opened === undefined ? endOfPrimitive(text, at) : at + 1
      const value: unknown = opened ?? JSON.parse(text.slice(at, end))
      at = end
      if (key === undefined && !Array.isArray(owner)) {
        key = value as string
        continue
      }
      place(owner, key, value)
      key = undefined
      if (opened !== undefined) owners.push(opened)
    }
  }
  return root[0]
}

/** Defines and does not assign: `__proto__` is a key like any other. */
function place(owner: object, key: string | undefined, value: unknown): void {
  if (key === undefined) (owner as unknown[]).push(value)
  else Object.defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: true })
}

function endOfPrimitive(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at + 1)
  WORD.lastIndex = at
  WORD.test(text)
  return WORD.lastIndex
}

/** Where the string ends that a place is inside of, behind its quote. */
function endOfString(text: string, inside: number): number {
  for (let quote = text.indexOf('"', inside); ; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0
    while (text.charCodeAt(quote - 1 - escapes) === BACKSLASH) escapes += 1
    if (escapes % 2 === 0) return quote + 1
  }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}
