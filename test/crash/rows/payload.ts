import { chance } from '../chance.js'

/** What a payload is made of. */
export type PayloadKind = 'binary' | 'text'

export type Payload = Uint8Array | string

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

/** Makes the payload of a number: so many bytes, or characters of text, as no other number has. */
export function makePayload(kind: PayloadKind, number: number, sizeBytes: number): Payload {
  return kind === 'binary' ? makeBinary(number, sizeBytes) : makeText(number, sizeBytes)
}

/** Whether a payload is, byte by byte, the one of that number. */
export function isPayload(payload: Payload, number: number, sizeBytes: number): boolean {
  if (typeof payload === 'string') return payload === makeText(number, sizeBytes)
  return Buffer.compare(payload, makeBinary(number, sizeBytes)) === 0
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
