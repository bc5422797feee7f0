import { isAscii } from 'node:buffer'
import type { LentBytes } from '../../link/blocks/block-exchange.js'
import type { Link } from '../../link/link.js'

/** One frame of a message: bytes, or text, which travels as UTF-8. */
export type Frame = Uint8Array | string

/** The frames of a received message; `frame.toString()` reads text. */
export type Frames = Buffer[]

/** A message to be sent: one frame, or several. */
export type Sendable = Frame | readonly Frame[]

/**
 * The limits of a message: 1 to 1,024 frames with 1 GiB together. `send` checks them before any part of the message
 * leaves, and rejects with a RangeError beyond them. The socket option `maxMessageSize` limits what a socket receives.
 */
export const MESSAGE_LIMITS = { maxFrames: 1024, maxBytes: 1024 * 1024 * 1024 } as const

/**
 * A frame on the link to the I/O thread: ASCII as it is, other bytes as base64 in an array, many bytes in a shared
 * block.
 */
export type WireFrame = string | readonly [base64: string] | LentBytes

/** From this many bytes on, a frame travels in a block. */
const BLOCK_MIN_BYTES = 2048

/**
 * Checks a message at the door.
 *
 * @throws {RangeError} When it has no frames, or more frames or bytes than `MESSAGE_LIMITS`.
 * @throws {TypeError} When a frame is neither bytes nor text.
 */
export function checkMessage(message: Sendable): { readonly frames: readonly Frame[]; readonly sizeBytes: number } {
  const frames = typeof message === 'string' || message instanceof Uint8Array ? [message] : message
  if (!Array.isArray(frames))
    throw new TypeError('Cannot send the message: it is neither a frame nor an array of frames; send bytes or text')
  if (frames.length === 0 || frames.length > MESSAGE_LIMITS.maxFrames) {
    throw new RangeError(
      `Cannot send the message: it has ${frames.length} frames (limit ${MESSAGE_LIMITS.maxFrames}, at least 1)`,
    )
  }
  let sizeBytes = 0
  for (let at = 0; at < frames.length; at++) {
    const frame: unknown = frames[at]
    if (typeof frame === 'string') sizeBytes += Buffer.byteLength(frame)
    else if (frame instanceof Uint8Array) sizeBytes += frame.byteLength
    else throw new TypeError(`Cannot send the message: frame ${at} is neither bytes nor text`)
  }
  if (sizeBytes > MESSAGE_LIMITS.maxBytes)
    throw new RangeError(`Cannot send the message: it has ${sizeBytes} bytes (limit ${MESSAGE_LIMITS.maxBytes})`)
  return { frames: frames as readonly Frame[], sizeBytes }
}

/** Bytes of all frames of a message that has arrived. */
export function sizeOf(frames: Frames): number {
  let bytes = 0
  for (const frame of frames) bytes += frame.byteLength
  return bytes
}

/** Writes the frames of a message for the link. */
export function packFrames(frames: readonly Frame[], link: Link): WireFrame[] {
  return frames.map(frame => packFrame(typeof frame === 'string' && !isPlain(frame) ? Buffer.from(frame) : frame, link))
}

/** Writes one frame that has arrived for the link. */
export function packFrame(frame: Frame, link: Link): WireFrame {
  if (typeof frame === 'string') return frame
  if (frame.byteLength >= BLOCK_MIN_BYTES) return link.blocks.lend(frame)
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  return isAscii(bytes) ? bytes.toString('latin1') : [bytes.toString('base64')]
}

/** Reads a frame off the link. */
export function unpackFrame(frame: WireFrame, link: Link): Buffer {
  if (typeof frame === 'string') return Buffer.from(frame, 'latin1')
  if (frame.length === 1) return Buffer.from(frame[0], 'base64')
  return Buffer.from(link.blocks.borrow(frame))
}

function isPlain(text: string): boolean {
  return text.length < BLOCK_MIN_BYTES && Buffer.byteLength(text) === text.length
}
