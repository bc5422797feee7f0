import { RefusedMessageError } from '../../model/refused-message.js'

/** Bytes that one value, and one object, takes besides its contents: an estimate, rather too high. */
const VALUE = 16
const OBJECT = 64

/**
 * About how many bytes values take in memory. It reads no getter, counts what occurs twice once, and stops counting
 * when there are more than `enough`.
 */
export function heldBytes(values: readonly unknown[], enough = Infinity): number {
  const seen = new Set<object>()
  const left: unknown[] = [values]
  let bytes = 0
  const take = (value: unknown): void => {
    bytes += VALUE
    if (typeof value === 'string') bytes += 2 * value.length
    else if (typeof value === 'object' && value !== null) left.push(value)
  }
  while (left.length > 0 && bytes <= enough) {
    const value = left.pop() as object
    if (seen.has(value)) continue
    seen.add(value)
    bytes += OBJECT
    try {
      // It adds to the bytes itself, so they are read after it.
      const inBuffers = openUp(value, take)
      bytes += inBuffers
    } catch {
      // A proxy may tell nothing of itself.
    }
  }
  return bytes
}

/** Takes what is in an object, and returns the bytes that it has in buffers. */
function openUp(value: object, take: (value: unknown) => void): number {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return value.byteLength
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (Array.isArray(value)) for (const each of value as unknown[]) take(each)
  else if (value instanceof Map) {
    for (const [key, each] of value) {
      take(key)
      take(each)
    }
  } else if (value instanceof Set) for (const each of value) take(each)
  else if ('sizeBytes' in value && typeof value.sizeBytes === 'number') return value.sizeBytes
  else {
    // It holds the message as long as it is held itself, and by no property.
    if (value instanceof RefusedMessageError) take(value.args)
    for (const key of Object.getOwnPropertyNames(value)) {
      // Names are shared by all objects of a shape.
      take(Object.getOwnPropertyDescriptor(value, key)?.value)
    }
  }
  return 0
}
