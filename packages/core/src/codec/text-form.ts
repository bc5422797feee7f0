import { fromBase64, toBase64 } from './binary.js'
import { demand } from './malformed-message-error.js'
import type { Binaries, Parts } from './parts.js'

/** Numbers that JSON lacks, which are strings there. */
const ODD_NUMBERS: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0'])

/** What can be written as text. */
interface TextParts extends Parts {
  readonly codes: readonly number[]
  readonly numbers: readonly number[]
  /** Default: none. */
  readonly binaries?: readonly Uint8Array[]
}

/**
 * Writes the parts of a message as JSON: `[codes, numbers, texts, shapes]`, and behind them its binaries when there are
 * any, as base64.
 *
 * It has no objects, and so no keys: some versions of V8 read those with escapes as others (see `parseJson`).
 */
export function writeText({ codes, numbers, texts, shapes, binaries = [] }: TextParts): string {
  const kept = numbers.every(isJsonNumber) ? numbers : numbers.map(jsonNumber)
  const parts = [codes, kept, texts, shapes] as const
  return JSON.stringify(binaries.length === 0 ? parts : [...parts, binaries.map(toBase64)])
}

/**
 * Reads what `writeText` wrote and `JSON.parse` parsed. It uses what was parsed for the parts.
 *
 * @throws {MalformedMessageError} When it is not that.
 */
export function readText(parsed: readonly unknown[]): [parts: Parts, binaries: Binaries] {
  const [codes, numbers, texts, shapes, binaries = []] = parsed
  demand(isListOf('number', codes) && isListOf('string', texts) && isListOf('string', shapes), 'it lacks a part')
  demand(Array.isArray(numbers) && isListOf('string', binaries), 'it lacks a part')
  for (let at = 0; at < numbers.length; at++) if (typeof numbers[at] !== 'number') numbers[at] = oddNumber(numbers[at])
  return [{ codes, numbers: numbers as number[], texts, shapes }, new TextBinaries(binaries)]
}

class TextBinaries implements Binaries {
  readonly #texts: string[]

  constructor(texts: string[]) {
    this.#texts = texts
  }

  take(index: number): ArrayBuffer | undefined {
    const text = this.#texts[index]
    return text === undefined ? undefined : fromBase64(text)
  }

  view(index: number): Uint8Array | undefined {
    const buffer = this.take(index)
    return buffer === undefined ? undefined : new Uint8Array(buffer)
  }
}

function isJsonNumber(value: number): boolean {
  return value - value === 0 && (value !== 0 || 1 / value > 0)
}

function jsonNumber(value: number): number | string {
  if (isJsonNumber(value)) return value
  return value === 0 ? '-0' : String(value)
}

function oddNumber(text: unknown): number {
  demand(ODD_NUMBERS.has(text), 'a number is none')
  return Number(text)
}

function isListOf<K extends 'number' | 'string'>(
  type: K,
  list: unknown,
): list is (K extends 'number' ? number : string)[] {
  if (!Array.isArray(list)) return false
  for (let at = 0; at < list.length; at++) if (typeof list[at] !== type) return false
  return true
}
