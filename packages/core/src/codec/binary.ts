import { types } from 'node:util'
import { useLargeMemory } from '../base/runtime/large-memory.js'

const VIEWS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
} as const

/** A way to look at an ArrayBuffer. */
export type ViewType = keyof typeof VIEWS | 'Buffer'

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object

/**
 * The type of a view; of another subclass than Buffer, that of its base. Undefined for types that this version does not
 * know.
 */
export function viewType(view: ArrayBufferView): ViewType | undefined {
  // The getter that all typed arrays share knows what the engine made, whatever a subclass says.
  const name: unknown = Reflect.get(TYPED_ARRAY, Symbol.toStringTag, view) ?? 'DataView'
  if (name === 'Uint8Array' && Buffer.isBuffer(view)) return 'Buffer'
  return isViewType(name) ? name : undefined
}

/** All of them, in an order that messages rely on. */
export const VIEW_TYPES: readonly ViewType[] = [...Object.keys(VIEWS).filter(isViewType), 'Buffer']

function isViewType(name: unknown): name is ViewType {
  return typeof name === 'string' && (name === 'Buffer' || Object.hasOwn(VIEWS, name))
}

/** @throws {RangeError} When the view would not lie inside the buffer, or not on its grid. */
export function viewOf(type: ViewType, buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView {
  const View: ViewConstructor = type === 'Buffer' ? Uint8Array : VIEWS[type]
  const view = new View(buffer, byteOffset, length)
  // Buffer.from is not as strict about the place.
  return type === 'Buffer' ? Buffer.from(buffer, byteOffset, length) : view
}

/** The length of a view in the unit of its constructor: elements, or bytes for a DataView. */
export function viewLength(view: ArrayBufferView): number {
  return types.isTypedArray(view) ? view.length : view.byteLength
}

/**
 * Whether a view is a Node Buffer on a part of its memory. Such memory is a pool that many Buffers share, of which a
 * message takes its own bytes only.
 */
export function isPartOfPool(type: ViewType, view: ArrayBufferView): boolean {
  return type === 'Buffer' && view.byteLength !== view.buffer.byteLength
}

/** All bytes of an ArrayBuffer; undefined when it is detached. */
export function bytesOf(buffer: ArrayBuffer): Uint8Array | undefined {
  try {
    return new Uint8Array(buffer)
  } catch {
    return undefined
  }
}

/** How far a resizable buffer can grow; undefined for an ordinary one. */
export function growthLimit(buffer: ArrayBuffer): number | undefined {
  const { resizable, maxByteLength } = buffer as ArrayBuffer & { resizable?: boolean; maxByteLength?: number }
  return resizable === true ? maxByteLength : undefined
}

/** Copies a buffer into a resizable one. */
export function resizableCopy(buffer: ArrayBuffer, maxByteLength: number): ArrayBuffer {
  const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer
  const copy = new Resizable(buffer.byteLength, { maxByteLength })
  new Uint8Array(copy).set(new Uint8Array(buffer))
  return copy
}

/** From here on, bytes are copied by native code. */
const NATIVE_COPY_BYTES = 1024

/** Copies bytes to a place in other ones. Either may be of shared memory. */
export function copyInto(target: Buffer, bytes: Uint8Array, at: number): void {
  // `set` copies shared memory word by word, or byte by byte where the two are not aligned alike: 3 to 25 times slower.
  if (bytes.byteLength < NATIVE_COPY_BYTES) target.set(bytes, at)
  else target.fill(bytes, at, at + bytes.byteLength)
}

/** Copies bytes, also of shared memory, into memory of this thread's own. */
export function copyOut(bytes: Uint8Array): ArrayBuffer {
  useLargeMemory(bytes.byteLength)
  // Memory that is not cleared, since every byte is written, and that is not Node's pool.
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength)
  copyInto(copy, bytes, 0)
  return copy.buffer
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Reads base64 into memory of its own, not into Node's pool; undefined when the text is not base64. */
export function fromBase64(text: string): ArrayBuffer | undefined {
  if (text.length % 4 !== 0) return undefined
  const buffer = new ArrayBuffer(Buffer.byteLength(text, 'base64'))
  const written = Buffer.from(buffer).write(text, 'base64')
  return written === buffer.byteLength ? buffer : undefined
}
