import type { CutReason } from '../../../connection-counts.js'
import { areFlags, LONG } from './zmtp.js'

/** The observer of frames while they pass. */
export interface FrameListener {
  /** A frame begins, whose body has so many bytes. What is answered ends the connection before its body is read. */
  begun(flags: number, length: number): CutReason | undefined
  /** So many bytes of its body have passed. */
  passed(bytes: number): void
  /** It was whole. */
  ended(): void
}

const LONG_HEADER_BYTES = 9

/**
 * Reads where frames begin and end in the bytes of a connection after its handshake, however they are cut. It keeps no
 * byte of a body.
 */
export class FrameReader {
  readonly #listener: FrameListener
  /** Bytes of a body that have not passed. */
  #left = 0
  /** A header that has not come as a whole. */
  readonly #header = Buffer.alloc(LONG_HEADER_BYTES)
  #headerBytes = 0

  constructor(listener: FrameListener) {
    this.#listener = listener
  }

  /** Takes the next bytes. Answers why the connection has to end, before any of them is handed on. */
  take(chunk: Buffer): CutReason | undefined {
    const end = chunk.length
    let at = 0
    while (at < end) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, end - at)
        at += passed
        this.#pass(passed)
        continue
      }
      if (this.#headerBytes === 0 && end - at >= LONG_HEADER_BYTES) {
        const flags = chunk[at] as number
        const fault = this.#begin(flags, chunk, at)
        if (fault !== undefined) return fault
        at += (flags & LONG) === 0 ? 2 : LONG_HEADER_BYTES
        continue
      }
      this.#header[this.#headerBytes++] = chunk[at++] as number
      const flags = this.#header[0] as number
      if (this.#headerBytes < ((flags & LONG) === 0 ? 2 : LONG_HEADER_BYTES)) continue
      this.#headerBytes = 0
      const fault = this.#begin(flags, this.#header, 0)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  #begin(flags: number, bytes: Buffer, at: number): CutReason | undefined {
    if (!areFlags(flags)) return 'malformed'
    const length =
      (flags & LONG) === 0
        ? (bytes[at + 1] as number)
        : bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5)
    const fault = this.#listener.begun(flags, length)
    if (fault !== undefined) return fault
    this.#left = length
    if (length === 0) this.#listener.ended()
    return undefined
  }

  #pass(bytes: number): void {
    this.#left -= bytes
    this.#listener.passed(bytes)
    if (this.#left === 0) this.#listener.ended()
  }
}
