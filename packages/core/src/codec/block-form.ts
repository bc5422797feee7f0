import type { Space } from './extension.js'
import type { Parts } from './parts.js'
import { isWide } from './text-width.js'

/** From here on, a text is faster outside of JSON. */
export const LONG_TEXT_CHARS = 256

/**
 * Where the parts of messages are in a block: how many numbers, then the codes, then the bytes of each long text and of
 * the JSON text of the others and the shapes, which is empty when there are none. A text of two bytes for each
 * character has its length as a negative number.
 */
export type Layout = readonly number[]

/** How the parts of messages are to lie in a block. */
export interface BlockForm {
  readonly layout: Layout
  /** What is written there as text: the long ones, and the others with the shapes as one. */
  readonly texts: readonly string[]
  readonly sizeBytes: number
}

/** Says how parts lie in a block. */
export function blockFormOf({ codes, numbers, texts, shapes }: Parts): BlockForm {
  const long: string[] = []
  let short: (string | 0)[] | undefined
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] as string
    if (text.length < LONG_TEXT_CHARS) continue
    short ??= texts.slice()
    short[at] = 0
    long.push(text)
  }
  const hasOthers = shapes.length > 0 || texts.length > long.length
  long.push(hasOthers ? JSON.stringify([shapes, short ?? texts]) : '')
  const layout = [numbers.length, codes.length]
  let sizeBytes = 8 * numbers.length + 4 * codes.length
  for (const text of long) {
    const length = isWide(text) ? -2 * text.length : text.length
    layout.push(length)
    sizeBytes = placeAfter(sizeBytes, length)
  }
  return { layout, sizeBytes, texts: long }
}

/** Writes parts into their block. */
export function writeBlock(
  { codes, numbers }: Parts,
  { layout, texts }: BlockForm,
  { offset, bytes, doubles, integers }: Space,
): void {
  if (numbers.length > 0) doubles.set(numbers, offset / 8)
  integers.set(codes, offset / 4 + 2 * numbers.length)
  let end = offset + 8 * numbers.length + 4 * codes.length
  for (let at = 0; at < texts.length; at++) {
    const length = layout[at + 2] as number
    end = placeAfter(end, length)
    bytes.write(texts[at] as string, end - Math.abs(length), length < 0 ? 'utf16le' : 'latin1')
  }
}

/** Parts of messages, of which codes and numbers begin somewhere and do not end with the lists they are in. */
export interface PartsFrom {
  readonly parts: Parts
  readonly codesFrom: number
  readonly numbersFrom: number
}

/** Reads parts from their block. */
export function readBlock(layout: Layout, { offset, bytes, doubles, integers }: Space): PartsFrom {
  const [numbers = 0, codes = 0] = layout
  const long: string[] = []
  let end = offset + 8 * numbers + 4 * codes
  for (let at = 2; at < layout.length; at++) {
    const length = layout[at] as number
    end = placeAfter(end, length)
    long.push(length < 0 ? bytes.toString('utf16le', end + length, end) : bytes.toString('latin1', end - length, end))
  }
  const others = long.pop() as string
  const [shapes, texts] = others === '' ? [[], long] : (JSON.parse(others) as [string[], string[]])
  if (others !== '' && long.length > 0) fillIn(texts, long)
  return {
    parts: { codes: integers, numbers: doubles, texts, shapes },
    codesFrom: offset / 4 + 2 * numbers,
    numbersFrom: offset / 8,
  }
}

function fillIn(texts: unknown[], long: readonly string[]): void {
  for (let at = 0, next = 0; next < long.length; at++) if (typeof texts[at] !== 'string') texts[at] = long[next++]
}

/** The end of a text that begins at a place or behind it: those of two bytes a character begin at a multiple of two. */
function placeAfter(place: number, length: number): number {
  return length < 0 ? place + (place & 1) - length : place + length
}
