import type { Address } from '../address.js'

/** How an actor came to its end. */
export type ActorDownReason =
  /** It was stopped, by itself or by others; also to be started again with a sibling. */
  | 'stopped'
  /** A handler threw, or its start did. */
  | 'failed'
  /** Its thread went down. */
  | 'thread-down'
  /** Its thread reached its heap limit. */
  | 'heap-limit'
  /** Its process reached the limit for its memory. */
  | 'memory-limit'
  /** Its process was ended by a signal that Zera did not send: a fault of native code, an abort, or a kill from outside. */
  | 'crashed'
  /** Its node has ended, or cannot be heard any more. */
  | 'unreachable'
  /** It was not there any more when somebody began to watch it, or was down then and did not come back. */
  | 'gone'

/**
 * The one event in which an actor's end is told to those who watch it. What ends is the instance: its supervisor may
 * put another in its place, whose end is told to those who watch anew.
 */
export interface ActorDown {
  readonly target: Address
  readonly reason: ActorDownReason
  /** What it failed with, or how its thread ended. */
  readonly error: Error | undefined
  /** What it was handling, when that is known. */
  readonly method: string | undefined
}

/** Whether an actor came to its end in order. */
export function isOrderly({ reason }: ActorDown): boolean {
  return reason === 'stopped'
}
