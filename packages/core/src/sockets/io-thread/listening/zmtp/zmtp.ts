/**
 * The part of ZMTP 3 that a relay between two peers can read.
 *
 * @see https://rfc.zeromq.org/spec/23/
 * @see https://rfc.zeromq.org/spec/26/
 */

/** How a connection is secured; a server has one for all of its connections. */
export type Mechanism = 'NULL' | 'PLAIN' | 'CURVE'

export const GREETING_BYTES = 64

/** Bits of the first byte of a frame. */
export const MORE = 1
export const LONG = 2
export const COMMAND = 4

/**
 * What CURVE adds to each frame: the name of the command, a nonce, the authenticator of the box, and a byte of flags
 * inside it.
 */
export const BOX_BYTES = 8 + 8 + 16 + 1

const SIGNATURE_END = 9
const MAJOR_VERSION = 10
const MECHANISM = 12
const MECHANISM_END = 32

/**
 * Whether the first bytes of a connection can be the beginning of a greeting of ZMTP 3 with that mechanism. What ZeroMQ
 * would answer in an older version of the protocol is none.
 *
 * @param bytes From the first one on, 64 at most.
 */
export function mayBeGreeting(bytes: Buffer, mechanism: Mechanism): boolean {
  if (bytes.length > 0 && bytes[0] !== 0xff) return false
  if (bytes.length > SIGNATURE_END && ((bytes[SIGNATURE_END] as number) & 0x7f) !== 0x7f) return false
  if (bytes.length > MAJOR_VERSION && (bytes[MAJOR_VERSION] as number) < 3) return false
  const named = bytes.subarray(MECHANISM, MECHANISM_END)
  return named.equals(
    Buffer.from(mechanism.padEnd(MECHANISM_END - MECHANISM, '\0'), 'latin1').subarray(0, named.length),
  )
}

/** A frame that is there as a whole. */
export interface WholeFrame {
  readonly flags: number
  readonly body: Buffer
  /** Bytes of all of it. */
  readonly sizeBytes: number
}

/**
 * The frame that the bytes begin with; undefined while it is not whole.
 *
 * @throws {RangeError} When it is none of the
 * protocol.
 */
export function firstFrame(bytes: Buffer): WholeFrame | undefined {
  const flags = bytes[0]
  if (flags === undefined) return undefined
  if (!areFlags(flags)) throw new RangeError('Cannot read a frame: its flags are none of ZMTP')
  const headerBytes = (flags & LONG) === 0 ? 2 : 9
  if (bytes.length < headerBytes) return undefined
  const length = (flags & LONG) === 0 ? (bytes[1] as number) : bytes.readUInt32BE(1) * 2 ** 32 + bytes.readUInt32BE(5)
  const sizeBytes = headerBytes + length
  return bytes.length < sizeBytes ? undefined : { flags, body: bytes.subarray(headerBytes, sizeBytes), sizeBytes }
}

export function areFlags(flags: number): boolean {
  // A command is one frame.
  return flags <= 7 && flags !== (COMMAND | MORE) && flags !== (COMMAND | MORE | LONG)
}

/** The name of a command, and what follows it; undefined when it has none. */
export function readCommand(body: Buffer): { readonly name: string; readonly rest: Buffer } | undefined {
  const length = body[0]
  if (length === undefined || length === 0 || body.length < 1 + length) return undefined
  return { name: body.toString('latin1', 1, 1 + length), rest: body.subarray(1 + length) }
}

const MAX_ROUTING_ID_BYTES = 255

/**
 * The routing id in the properties of a READY command, as latin1 text; `''` without one, undefined when they cannot be
 * read, or it is none that a client may choose.
 */
export function routingIdIn(properties: Buffer): string | undefined {
  let routingId = ''
  let hasOne = false
  for (let at = 0; at < properties.length;) {
    const name = properties.toString('latin1', at + 1, at + 1 + (properties[at] as number))
    at += 1 + (properties[at] as number)
    if (at + 4 > properties.length) return undefined
    const end = at + 4 + properties.readUInt32BE(at)
    if (end > properties.length) return undefined
    if (name.toLowerCase() === 'identity') {
      // ZeroMQ's own ones begin with a zero byte. It ends the process when it makes one up that a client has claimed.
      const chosen = properties.subarray(at + 4, end)
      if (hasOne || chosen.length > MAX_ROUTING_ID_BYTES || chosen[0] === 0) return undefined
      hasOne = true
      routingId = chosen.toString('latin1')
    }
    at = end
  }
  return routingId
}
