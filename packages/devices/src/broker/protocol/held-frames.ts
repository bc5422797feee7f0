import type { Frame } from '@zera/core'

/** What a frame costs in memory besides its bytes: the Buffer, and its place. */
const FRAME_BYTES = 256
/** What a message costs besides its frames. */
const MESSAGE_BYTES = 512

/** The bytes of memory that a message takes while it is held, so that many small frames count for what they are. */
export function heldBytesOf(...parts: readonly (readonly Frame[])[]): number {
  let bytes = MESSAGE_BYTES
  for (const frames of parts)
    for (const frame of frames) bytes += FRAME_BYTES + (typeof frame === 'string' ? frame.length : frame.byteLength)
  return bytes
}

/** The same frames in memory of their own. Small ones arrive as pieces of a pool, of which each piece keeps 8 KiB. */
export function keepFrames<F extends Frame>(frames: readonly F[]): F[] {
  const pooledBytes = frames.reduce((bytes, frame) => bytes + (isPooled(frame) ? frame.byteLength : 0), 0)
  if (pooledBytes === 0) return [...frames]
  const own = Buffer.allocUnsafeSlow(pooledBytes)
  let at = 0
  return frames.map(frame => {
    if (!isPooled(frame)) return frame
    own.set(frame, at)
    at += frame.byteLength
    return own.subarray(at - frame.byteLength, at) as Uint8Array as F
  })
}

function isPooled(frame: Frame): frame is Uint8Array & Frame {
  return typeof frame !== 'string' && frame.buffer.byteLength > frame.byteLength
}
