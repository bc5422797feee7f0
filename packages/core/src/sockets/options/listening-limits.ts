import { type Filled } from '../../base/values/filled.js'
import { expectOptions, optionNames } from '../../base/values/options/known-options.js'
import { NUMBER } from '../../base/values/options/option-kinds.js'
import { countDescriptors } from '../../words/descriptors.js'

/** What a server keeps for its clients before it has read any of it. Infinity is no limit. */
export interface ListeningLimits {
  /**
   * Connections of the socket. Default: a third of the descriptors that are free at the bind, since each connection
   * takes three; 8192 at most.
   */
  readonly maxConnections?: number | undefined
  /** Milliseconds that a connection may take to greet and to prove its key. Default 10,000. */
  readonly handshakeMs?: number | undefined
  /** Frames of one message. Default 1024. */
  readonly maxFrames?: number | undefined
  /**
   * Bytes of one message, in all its frames. Default 64 MiB. A single frame is limited by the socket's
   * `maxMessageSize`.
   */
  readonly maxMessageBytes?: number | undefined
  /**
   * Bytes that all connections of the socket together may hold before the server receives them; beyond that, nothing
   * more is read. Default 128 MiB, or twice `maxMessageBytes` if that is more.
   */
  readonly maxHeldBytes?: number | undefined
}

/** Limits with all their defaults. */
export interface CheckedLimits extends Filled<ListeningLimits> {
  readonly maxFrameBytes: number
}

const LIMITS = optionNames<ListeningLimits>({
  maxConnections: true,
  handshakeMs: NUMBER,
  maxFrames: true,
  maxMessageBytes: true,
  maxHeldBytes: true,
})
const MAX_CONNECTIONS = 8192
/** Where the system does not say how many descriptors there are. */
const UNKNOWN_CONNECTIONS = 1024
const MIN_CONNECTIONS = 8
/** The client's side, the side of ZeroMQ, and ZeroMQ's own. */
const CONNECTION_DESCRIPTORS = 3
/** What connections leave to others. */
const RESERVE_DESCRIPTORS = 64
const MIB = 1024 * 1024

/**
 * Limits that can travel as JSON.
 *
 * @throws {TypeError} When there is another limit.
 * @throws {RangeError} When one is no number above 0.
 */
export function portableLimits(limits: ListeningLimits): ListeningLimits {
  expectOptions('listen', limits, LIMITS)
  const given = Object.entries(limits).filter(([, value]) => value !== undefined) as [string, number][]
  for (const [name, value] of given) {
    if (!(typeof value === 'number' && value > 0))
      throw new RangeError(`Cannot listen: ${name} must be a number above 0, not ${String(value)}`)
  }
  return Object.fromEntries(given.map(([name, value]) => [name, Math.min(value, Number.MAX_SAFE_INTEGER)]))
}

/**
 * Fills in the defaults of limits.
 *
 * @param maxMessageSize That of the socket; -1 for none.
 */
export function fillLimits(limits: ListeningLimits, maxMessageSize: number): CheckedLimits {
  const {
    maxConnections = affordableConnections(),
    handshakeMs = 10_000,
    maxFrames = 1024,
    maxMessageBytes = 64 * MIB,
  } = limits
  const { maxHeldBytes = Math.max(128 * MIB, 2 * maxMessageBytes) } = limits
  return {
    maxConnections,
    handshakeMs,
    maxFrames,
    maxMessageBytes,
    maxHeldBytes,
    maxFrameBytes: maxMessageSize < 0 ? Infinity : maxMessageSize,
  }
}

function affordableConnections(): number {
  const count = countDescriptors()
  if (count === undefined) return UNKNOWN_CONNECTIONS
  const free = count.limit - count.open
  const affordable = Math.floor((free - Math.min(RESERVE_DESCRIPTORS, free / 4)) / CONNECTION_DESCRIPTORS)
  return Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, affordable))
}
