import { copyOut } from './binary.js'
import type { Space } from './extension.js'
import type { Binaries, Parts } from './parts.js'
import { isWide } from './text-width.js'
import type { WrittenParts } from './writing/value-writer.js'

/**
 * Where the parts of a message are in its block: how many numbers, then the binaries, each from a multiple of 8 on,
 * then the codes, the long texts, and the JSON text of the others and the shapes. A text of two bytes for each
 * character has its length as a negative number.
 */
export type Layout = readonly [
  numbers: number,
  binaries: readonly number[],
  codes: number,
  longTexts: readonly number[],
  texts: number,
]

/** The parts of a message, ready to be put into a block. */
export interface BlockForm {
  /** The JSON text of its layout. */
  readonly layoutText: string
  readonly sizeBytes: number
  write(space: Space): void
}

/** Prepares a message for a block. The texts that are long are there as they are; all others are one text. */
export function blockFormOf({ codes, numbers, texts, longTexts, shapes, binaries }: WrittenParts): BlockForm {
  const short: (string | 0)[] = longTexts.length === 0 ? (texts as string[]) : texts.slice()
  const long = longTexts.map(at => texts[at] as string)
  for (const at of longTexts) short[at] = 0
  const others = JSON.stringify([shapes, short])
  const layout: Layout = [
    numbers.length,
    binaries.map(bytes => bytes.byteLength),
    codes.length,
    long.map(lengthOf),
    lengthOf(others),
  ]
  const [, binaryLengths, , longLengths, othersLength] = layout
  const places = placesOf(layout)
  return {
    layoutText: `[${numbers.length},[${binaryLengths.join()}],${codes.length},[${longLengths.join()}],${othersLength}]`,
    sizeBytes: places.end,
    write({ bytes, doubles, integers }) {
      if (numbers.length > 0) doubles.set(numbers)
      for (let at = 0; at < binaries.length; at++) bytes.set(binaries[at] as Uint8Array, places.binaries[at])
      integers.set(codes, places.codes / 4)
      for (let at = 0; at < long.length; at++)
        writeText(bytes, long[at] as string, places.texts[at] as number, longLengths[at] as number)
      writeText(bytes, others, places.texts[long.length] as number, othersLength)
    },
  }
}

/** Reads a message from its block. */
export function readBlock(layout: Layout, { bytes, doubles, integers }: Space): [parts: Parts, binaries: Binaries] {
  const [numbers, binaryLengths, codes, longTexts] = layout
  const places = placesOf(layout)
  const textAt = (at: number, length: number): string => {
    const place = places.texts[at] as number
    return bytes.toString(length < 0 ? 'utf16le' : 'latin1', place, place + Math.abs(length))
  }
  const [shapes, texts] = JSON.parse(textAt(longTexts.length, layout[4])) as [string[], string[]]
  let long = 0
  for (let at = 0; long < longTexts.length; at++)
    if (typeof texts[at] !== 'string') texts[at] = textAt(long, longTexts[long++] as number)
  const codesFrom = places.codes / 4
  return [
    {
      codes: integers.subarray(codesFrom, codesFrom + codes),
      numbers: doubles.subarray(0, numbers),
      texts,
      shapes,
    },
    new BlockBinaries(bytes, places.binaries, binaryLengths),
  ]
}

class BlockBinaries implements Binaries {
  readonly #bytes: Uint8Array
  readonly #places: readonly number[]
  readonly #lengths: readonly number[]

  constructor(bytes: Uint8Array, places: readonly number[], lengths: readonly number[]) {
    this.#bytes = bytes
    this.#places = places
    this.#lengths = lengths
  }

  view(index: number): Uint8Array | undefined {
    const place = this.#places[index]
    return place === undefined ? undefined : this.#bytes.subarray(place, place + (this.#lengths[index] as number))
  }

  take(index: number): ArrayBuffer | undefined {
    const bytes = this.view(index)
    return bytes === undefined ? undefined : copyOut(bytes)
  }
}

function placesOf([numbers, binaryLengths, codes, longTexts, texts]: Layout): {
  readonly binaries: readonly number[]
  readonly codes: number
  readonly texts: readonly number[]
  readonly end: number
} {
  let end = 8 * numbers
  const binaries = binaryLengths.map(length => {
    const place = end
    end = alignedTo(8, end + length)
    return place
  })
  const codesAt = end
  end += 4 * codes
  const textPlace = (length: number): number => {
    const place = length < 0 ? alignedTo(2, end) : end
    end = place + Math.abs(length)
    return place
  }
  return { binaries, codes: codesAt, texts: [...longTexts, texts].map(textPlace), end }
}

function writeText(bytes: Buffer, text: string, place: number, length: number): void {
  bytes.write(text, place, length < 0 ? 'utf16le' : 'latin1')
}

/** Bytes of a text, as `Layout` has them. */
function lengthOf(text: string): number {
  return isWide(text) ? -2 * text.length : text.length
}

function alignedTo(bytes: number, place: number): number {
  return Math.ceil(place / bytes) * bytes
}
