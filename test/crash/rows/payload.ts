import { isDeepStrictEqual } from 'node:util'
import { SharedBlock } from '@zera/core'
import { chance } from '../chance.js'

/** What payloads are made of. Each travels in a way of its own, or in more than one, by its size. */
export const PAYLOAD_KINDS = ['binary', 'text', 'records', 'numbers', 'block'] as const

export type PayloadKind = (typeof PAYLOAD_KINDS)[number]

interface Item {
  readonly id: number
  readonly name: string
  readonly isOdd: boolean
  readonly tags: readonly string[]
}

export type Payload = Uint8Array | string | readonly Item[] | readonly number[] | SharedBlock

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz012345',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ[]{}":',
  'zyxwvutsrqponmlkjihgfedcba987654',
]
/** Characters that take more than a byte travel in another way, which takes its time. */
const WIDE_ALPHABET = 'äöüßéèàçñøłżабвгде漢字かなΩ≈✓'
const WIDE_EVERY = 40

/** It divides no size. */
const PIECE = 61

/** About what a record takes. */
const RECORD_BYTES = 64
const NUMBER_BYTES = 8

/** Makes the payload of a number: so many bytes, or characters of text, as no other number has. */
export function makePayload(kind: PayloadKind, number: number, sizeBytes: number): Payload {
  switch (kind) {
    case 'binary':
      return makeBinary(number, sizeBytes)
    case 'text':
      return makeText(number, sizeBytes)
    case 'records':
      return makeRecords(number, sizeBytes)
    case 'numbers':
      return makeNumbers(number, sizeBytes)
    case 'block':
      return SharedBlock.from(makeBinary(number, sizeBytes))
  }
}

/** Whether a payload is, byte by byte, the one of that number. */
export function isPayload(payload: Payload, number: number, sizeBytes: number): boolean {
  if (payload instanceof SharedBlock) return Buffer.compare(payload.bytes, makeBinary(number, sizeBytes)) === 0
  return isDeepStrictEqual(payload, makePayload(kindOf(payload), number, sizeBytes))
}

function kindOf(payload: Exclude<Payload, SharedBlock>): PayloadKind {
  if (typeof payload === 'string') return 'text'
  if (!Array.isArray(payload)) return 'binary'
  return typeof payload[0] === 'number' ? 'numbers' : 'records'
}

function makeRecords(number: number, sizeBytes: number): Item[] {
  const next = chance(number)
  return Array.from({ length: Math.ceil(sizeBytes / RECORD_BYTES) }, (_, at) => ({
    id: number + at,
    name: `record ${next()}`,
    isOdd: at % 2 === 1,
    tags: [`${number}`, 'ж'],
  }))
}

/** Some of them are no integers. */
function makeNumbers(number: number, sizeBytes: number): number[] {
  const next = chance(number)
  return Array.from({ length: Math.ceil(sizeBytes / NUMBER_BYTES) }, () => next() / (1 + (number % 2)))
}

/** Short pieces, repeated: the bytes of every number differ all over. */
function makeBinary(number: number, sizeBytes: number): Uint8Array {
  const next = chance(number)
  const piece = Uint8Array.from({ length: PIECE }, () => next() & 0xff)
  new DataView(piece.buffer).setUint32(0, number)
  return new Uint8Array(Buffer.alloc(sizeBytes, piece))
}

function makeText(number: number, sizeBytes: number): string {
  const alphabet = number % WIDE_EVERY === 0 ? WIDE_ALPHABET : (ALPHABETS[number % ALPHABETS.length] as string)
  const next = chance(number)
  let piece = `${number}:`
  while (piece.length < PIECE) piece += alphabet[next() % alphabet.length]
  return piece.repeat(Math.ceil(sizeBytes / PIECE)).slice(0, sizeBytes)
}
