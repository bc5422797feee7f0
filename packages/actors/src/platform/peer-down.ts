import type { DownReason, RemoteAccount } from '@zera/core/internal'

/**
 * What happens to the messages that a host had not handled when it went down. Plain data: the main thread tells their
 * senders.
 */
export interface Redelivery {
  /** The actors whose messages are redelivered, by id, and how often a message may have been started before. */
  readonly actors: readonly (readonly [id: number, maxRedeliveries: number])[]
  /**
   * Whether messages whose handling had not begun go to the next incarnation for all actors: their thread was killed
   * because of another actor.
   */
  readonly keepsUnbegun: boolean
}

/** How another host ended. */
export interface PeerDown {
  readonly reason: DownReason
  readonly error: Error | undefined
  /** What to redeliver, when another incarnation follows. */
  readonly redelivery?: Redelivery | undefined
  /** What is known of its side of the link, when that was between two processes and its own has not ended. */
  readonly account?: RemoteAccount | undefined
}
