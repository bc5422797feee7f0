import { types } from 'node:util'
import { MESSAGE_LIMITS, type Frame } from '@zera/core'

/** Frames that the protocol adds to a reply, at most, on its way. */
const ENVELOPE_FRAMES = 24
const MAX_FRAMES = MESSAGE_LIMITS.maxFrames - ENVELOPE_FRAMES

/** What bytes are sent by, which an object may have replaced for itself. */
const OWN = ['buffer', 'byteLength', 'byteOffset', 'length'] as const

/** The errors of replies that were too large. What handlers throw cannot be asked what it is. */
const tooLarge = new WeakMap<object, string>()

/** The text about a reply that was too large; undefined for everything thrown for other reasons. */
export function tooLargeText(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null ? tooLarge.get(thrown) : undefined
}

/**
 * The frames of what a handler has given as its reply, as they are now: later changes to them do not matter. A reply
 * without a frame gets an empty one, since the protocol has no replies without frames.
 *
 * @throws {TypeError} When it is no reply.
 * @throws {RangeError} When it has too many frames or bytes.
 * @throws What it
 * throws when it is looked at.
 */
export function replyFrames(reply: unknown, maxBytes: number): Frame[] {
  const given: readonly unknown[] = Array.isArray(reply) ? reply : [reply]
  const { length } = given
  if (!(length <= MAX_FRAMES))
    throw new RangeError(`Cannot reply: the reply has ${length} frames (limit ${MAX_FRAMES})`)
  const frames: Frame[] = []
  let bytes = 0
  for (let at = 0; at < length; at++) {
    const frame = frameOf(given[at], at)
    bytes += typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength
    frames.push(frame)
  }
  if (bytes > maxBytes) {
    const error = new RangeError(`Cannot reply: the reply has ${bytes} bytes (limit ${maxBytes})`)
    tooLarge.set(error, error.message)
    throw error
  }
  return frames.length === 0 ? [''] : frames
}

function frameOf(frame: unknown, at: number): Frame {
  if (typeof frame === 'string') return frame
  if (!types.isUint8Array(frame)) throw new TypeError(`Cannot reply: frame ${at} is neither bytes nor text`)
  // What it says of itself need not be so.
  const isPlain =
    Object.getPrototypeOf(frame) === Buffer.prototype || Object.getPrototypeOf(frame) === Uint8Array.prototype
  return isPlain && !OWN.some(key => Object.hasOwn(frame, key)) ? frame : new Uint8Array(frame)
}
