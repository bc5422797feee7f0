import type { Address } from '../address.js'

/** How an actor ended. */
export type ActorDownReason =
  /** It was stopped, by itself or by others, also for a restart together with a sibling. */
  | 'stopped'
  /** A handler threw, or its start did. */
  | 'failed'
  /** Its thread went down. */
  | 'thread-down'
  /** Its thread reached its heap limit. */
  | 'heap-limit'
  /** Its process reached the limit for its memory. */
  | 'memory-limit'
  /** A signal that Zera did not send ended its process: a crash in native code, an abort, or a kill from outside. */
  | 'crashed'
  /** Its node has ended, or has gone silent. */
  | 'unreachable'
  /** It was gone when the watch began, or it was down then and did not come back. */
  | 'gone'

/**
 * The event that tells watchers of an actor's end. What ends is the instance: its supervisor may replace it with
 * another. Watch again to learn of that one's end.
 */
export interface ActorDown {
  readonly target: Address
  readonly reason: ActorDownReason
  /** What it failed with, or how its thread ended. */
  readonly error: Error | undefined
  /** What it was handling, if known. */
  readonly method: string | undefined
}

/** Whether an actor ended in order. */
export function isOrderly({ reason }: ActorDown): boolean {
  return reason === 'stopped'
}
