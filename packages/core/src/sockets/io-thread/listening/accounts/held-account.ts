import type { CutReason } from '../../../connection-counts.js'
import type { CheckedLimits } from '../../../options/listening-limits.js'
import type { FrameListener } from '../zmtp/frame-reader.js'

/** What one connection has let in, as far as the server has not received it. */
export interface Meter extends FrameListener {
  /** Bytes that ZeroMQ keeps of it, at most. */
  readonly heldBytes: number
  /** Whether what is left of it, once the server has received all that is whole, is more than one message may be. */
  readonly isBeyond: boolean
  /** CURVE: a frame with so many bytes inside its box went to the client. */
  answered(plainBytes: number): void
}

/** What ZeroMQ keeps for the connections of a server: what they let in, less what the server has received. */
export interface HeldAccount {
  readonly heldBytes: number
  /** @param routingId The one behind which the server receives what it lets in, if that is known. */
  open(routingId?: string): Meter
  /** A connection has gone at that time. What it had not finished goes with it, and what it had is received. */
  close(meter: Meter, now: number): void
  /** The server's socket has received a message, behind the routing id that it begins with. */
  cameOut(frames: readonly Buffer[]): void
  /** There was nothing for the server to receive at that time, and what had been let in so long before was in ZeroMQ. */
  settle(emptyAt: number): void
}

/** Milliseconds after which what was handed on has arrived in ZeroMQ, and been received where nothing waits. */
export const ARRIVAL_MS = 50

/** Why a frame of that length ends its connection, if it does. */
export function faultOf(length: number, { maxFrameBytes }: CheckedLimits): CutReason | undefined {
  return length > maxFrameBytes ? 'oversize' : undefined
}
