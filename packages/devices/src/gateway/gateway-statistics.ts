import type { ConnectionCounts } from '@zera/core/internal'
import type { GatewayFault } from './calls/gateway-fault.js'
import type { Undelivered } from './reply-sender.js'

/**
 * What became of a gateway's requests, in counters that never decrease, and what is there now: plain data.
 *
 * `requests` is always `values` + `errors` + `ignored` + `unanswered`: what became of each is known.
 */
export interface GatewayStatistics {
  /** Messages of clients, readable or not. */
  readonly requests: number
  /** Requests that were answered with a value. */
  readonly values: number
  /** Requests that were answered with an error. */
  readonly errors: number
  /** The same by reason. */
  readonly errorsByFault: Readonly<Record<GatewayFault, number>>
  /** Requests that got no answer, since their client went on asking above its rate after a refusal. */
  readonly ignored: number
  /** Answers that were not delivered: their client had gone, or did not read. */
  readonly undeliverable: number
  /** The same by reason. */
  readonly undeliverableByReason: Readonly<Record<Undelivered, number>>
  /** Calls that settled after their requests were answered with an error. */
  readonly late: number
  /** Calls that are under way and not answered. */
  readonly unanswered: number
  /** Calls that have not settled, answered or not; `maxInFlight` bounds these. */
  readonly inFlight: number
  /** Bytes that these hold; `maxHeldBytes` bounds them. */
  readonly heldBytes: number
  /** Bytes of replies that clients may not have read; `maxUnreadBytes` bounds them. */
  readonly unreadBytes: number
  /** Connections of clients whose key is on the list. Without CURVE 0. */
  readonly authenticated: number
  /**
   * Connections that were refused because their key is not on the list. Clients without CURVE, or with another server's
   * key, do not get so far: ZeroMQ drops them uncounted.
   */
  readonly denied: number
  /** What became of all connections, and why some were cut off. */
  readonly connections: ConnectionCounts
}
