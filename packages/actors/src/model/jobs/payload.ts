import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'
import { putTogether, readText, takeApart, writeText, type Binaries, type CodecExtension } from '@zera/core/internal'
import { foreignCopy } from '../modules/own-copy.js'
import { BoundRef } from '../refs/bound-ref.js'

/**
 * Values on their way to or from a thread that computes: their text, plus the memory and ports that they hold. It can
 * always be posted.
 */
export interface Payload {
  readonly text: string
  /** What the extension has kept, and then all binaries. */
  readonly carried: readonly unknown[]
  readonly firstBinary: number
}

/**
 * Writes values for another thread. They arrive as core's codec delivers them; errors keep name, message, code and
 * cause.
 *
 * @throws {NotCloneableError} When a value cannot travel.
 * @throws {TypeError} When it is a ref: a job is not an actor and cannot send.
 */
export function writePayload(values: readonly unknown[]): Payload {
  const carried: unknown[] = []
  const extension: CodecExtension = {
    encode(value) {
      if (value instanceof BoundRef || foreignCopy(value) !== undefined)
        throw new TypeError(
          `Cannot compute with the ref ${(value as BoundRef<object>).toString()}: a job is no actor; pass what it shall work on`,
        )
      return types.isSharedArrayBuffer(value) || value instanceof MessagePort ? carried.push(value) - 1 : undefined
    },
    decode: () => undefined,
  }
  const { binaries, ...parts } = takeApart(values, extension)
  const firstBinary = carried.length
  for (const bytes of binaries) carried.push(isWhole(bytes) ? bytes.buffer : bytes.slice().buffer)
  return { text: writeText({ ...parts, binaries: [] }), carried, firstBinary }
}

/** Reads what was written. */
export function readPayload({ text, carried, firstBinary }: Payload): unknown[] {
  const [parts] = readText(JSON.parse(text) as unknown[])
  const binaries: Binaries = {
    take: index => carried[firstBinary + index] as ArrayBuffer | undefined,
    view: index => new Uint8Array(carried[firstBinary + index] as ArrayBuffer),
  }
  return putTogether(parts, binaries, { encode: () => undefined, decode: index => carried[index as number] })
}

/** The buffers of a payload, so that their memory is moved and not copied. */
export function buffersOf({ carried }: Payload): ArrayBuffer[] {
  return carried.filter((item): item is ArrayBuffer => types.isArrayBuffer(item))
}

function isWhole({ byteLength, buffer }: Uint8Array): boolean {
  return byteLength === buffer.byteLength
}
