import { isUtf8 } from 'node:buffer'
import { parseJson } from '@zera/core/internal'
import type { Bare } from './control.js'
import { bare } from './reading/bare.js'
import { count, pair, read, refuse, whole, type Reading, type Shape } from './reading/shape.js'

/** The limits of what this process reads from another. Whatever exceeds them ends its session. */
export const CONTROL_LIMITS = {
  /** Bytes of a text. */
  maxBytes: 16 * 1024 * 1024,
  /** Bytes of a text from a sender without a session: a request for one needs no more. */
  maxStrangerBytes: 16 * 1024,
  /** Arrays and objects within one another. */
  maxNesting: 1000,
  /** Messages sent that the other side has not confirmed. */
  maxUnconfirmed: 65_536,
} as const

/**
 * The options of both sockets of a conversation. ZeroMQ ends a connection that brings a frame much larger than the
 * limit; a slightly larger one arrives, and ends its session. ZeroMQ keeps few unread messages, and makes the other
 * side wait. So one side cannot make the other keep more than about 256 MiB.
 */
export const CONTROL_SOCKET_OPTIONS = {
  linger: 200,
  maxMessageSize: CONTROL_LIMITS.maxBytes + 64 * 1024,
  receiveHighWaterMark: 16,
} as const

/** A frame of a sequence. */
export interface ControlFrame {
  readonly text: string
  /** The number of the last one that the other side has received. */
  readonly received: number
  /** The message that it holds, for `decodeValues`; undefined when it holds none. */
  readonly message: unknown
}

/** The kind of a text: outside the sequence, or a frame of it. */
export type ControlText =
  | { readonly kind: 'bare'; readonly bare: Bare }
  | { readonly kind: 'frame'; readonly frame: ControlFrame }

/** Reads the one frame of a message as text. */
export function readMessage(frames: readonly Uint8Array[], maxBytes: number): Reading<string> {
  const [frame] = frames
  if (frame === undefined || frames.length !== 1) return { reason: `a message has ${frames.length} frames and not one` }
  if (frame.byteLength > maxBytes) return { reason: `a message has ${frame.byteLength} bytes (limit ${maxBytes})` }
  if (!isUtf8(frame)) return { reason: 'a message is no text' }
  return { value: Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString() }
}

/** Reads a text, but for what a frame of a sequence holds. */
export function readControlText(text: string): Reading<ControlText> {
  if (isNestedBeyond(text, CONTROL_LIMITS.maxNesting))
    return { reason: `a text is nested deeper than ${CONTROL_LIMITS.maxNesting}` }
  let parsed: unknown
  try {
    parsed = parseJson(text)
  } catch {
    // The error quotes the text, which may have a key in it.
    return { reason: 'a text is no JSON' }
  }
  return read(Array.isArray(parsed) ? frameOf(text) : bareText, parsed, 'text')
}

const bareText: Shape<ControlText> = (said, place) => ({ kind: 'bare', bare: bare(said, place) })

/** See `FrameSequence`. Between a system and a node each frame holds one message, and no slots are given back. */
function frameOf(text: string): Shape<ControlText> {
  return (said, place) => {
    const parts = said as readonly unknown[]
    const number = whole(-2)(parts[0], `${place}[0]`)
    const received = count(parts[1], `${place}[1]`)
    if (parts.length !== lengthOf(number)) refuse(place, 'no frame')
    if (number <= 0 && number !== -1) count(parts[2], `${place}[2]`)
    const [, message] = number > 0 ? pair(empty, one)(parts.slice(2), place) : []
    return { kind: 'frame', frame: { text, received, message } }
  }
}

function lengthOf(frame: number): number {
  if (frame > 0) return 4
  return frame === -1 ? 2 : 3
}

const empty: Shape<undefined> = (said, place) =>
  Array.isArray(said) && said.length === 0 ? undefined : refuse(place, 'not empty')
const one: Shape<unknown> = (said, place) =>
  Array.isArray(said) && said.length === 1 ? said[0] : refuse(place, 'not one message')

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

/** Whether a JSON text has more arrays and objects within one another. A text that is no JSON may seem to. */
function isNestedBeyond(text: string, limit: number): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (isInString) {
      if (char === BACKSLASH) at += 1
      else if (char === QUOTE) isInString = false
    } else if (char === QUOTE) isInString = true
    else if (char === OPEN || char === OPEN_OBJECT) {
      depth += 1
      if (depth > limit) return true
    } else if (char === CLOSE || char === CLOSE_OBJECT) depth -= 1
  }
  return false
}
