import { SharedBlock } from '@zera/core'
import { chanceOf } from './chance.js'

/** How the binaries of a payload travel: as they are, in shared blocks, or as buffers that a port transfers. */
export type Form = 'plain' | 'blocks' | 'transferred'

/** A binary, in whichever form. */
export type Binary = Uint8Array | Float64Array | SharedBlock

/** Its length has no factor with that of a page, so that pages that are swapped are seen. */
const PATTERN = Uint8Array.from({ length: 251 }, (_, at) => at)

/** Bytes that differ by their first one. */
export function bytesOf(sizeBytes: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(Buffer.alloc(sizeBytes, PATTERN))
  bytes[0] = seed
  return bytes
}

/** Numbers, all of which differ. */
export function floatsOf(sizeBytes: number, seed: number): Float64Array {
  const chance = chanceOf(seed)
  return new Float64Array(sizeBytes / Float64Array.BYTES_PER_ELEMENT).map(chance)
}

/** Tells binaries apart by their length, their first byte and their last eight. */
export function markBinary(binary: Binary): number {
  const bytes = viewOf(binary)
  let mark = bytes.byteLength + (bytes[0] as number)
  for (let at = 1; at <= 8; at++) mark += (bytes.at(-at) as number) * at
  return mark
}

/**
 * What is sent of a payload. In shared blocks and where they are transferred its binaries are copied first, since the
 * sender has given those away.
 */
export function formOf(payload: unknown, form: Form): { readonly value: unknown; readonly transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = []
  if (form === 'plain') return { value: payload, transfer }
  const value = mapBinaries(payload, binary => {
    if (form === 'blocks') return SharedBlock.from(viewOf(binary))
    const own = (binary as Uint8Array | Float64Array).slice()
    transfer.push(own.buffer)
    return own
  })
  return { value, transfer }
}

/** The buffers of what has come, to be transferred on. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  mapBinaries(value, binary => {
    if (ArrayBuffer.isView(binary)) buffers.push(binary.buffer as ArrayBuffer)
    return binary
  })
  return buffers
}

/** Gives the memory of blocks back. */
export function releaseBlocks(value: unknown): void {
  mapBinaries(value, binary => {
    if (binary instanceof SharedBlock) binary.release()
    return binary
  })
}

/** The same with all binaries as bytes, to be compared. */
export function asBytes(value: unknown): unknown {
  return mapBinaries(value, viewOf)
}

/** A payload is a binary, or a record with some. */
function mapBinaries(payload: unknown, change: (binary: Binary) => Binary): unknown {
  if (isBinary(payload)) return change(payload)
  return Object.fromEntries(
    Object.entries(payload as object).map(([key, value]) => [
      key,
      isBinary(value) ? change(value) : (value as unknown),
    ]),
  )
}

function isBinary(value: unknown): value is Binary {
  return ArrayBuffer.isView(value) || value instanceof SharedBlock
}

function viewOf(binary: Binary): Uint8Array {
  if (binary instanceof SharedBlock) return binary.bytes
  return binary instanceof Uint8Array
    ? binary
    : new Uint8Array(binary.buffer as ArrayBuffer, binary.byteOffset, binary.byteLength)
}
