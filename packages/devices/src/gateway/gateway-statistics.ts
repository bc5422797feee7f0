import type { GatewayFault } from './gateway-fault.js'

/**
 * What became of a gateway's requests, in counters that never decrease, and what is there now: plain data.
 *
 * `requests` is always `values` + `errors` + `unanswered`: no request is lost in silence.
 */
export interface GatewayStatistics {
  /** Messages of clients, readable or not. */
  readonly requests: number
  /** Requests that were answered with a value. */
  readonly values: number
  /** Requests that were answered with an error. */
  readonly errors: number
  /** The same by why. */
  readonly errorsByFault: Readonly<Record<GatewayFault, number>>
  /** Answers whose client had gone, or did not read: they were sent and not delivered. */
  readonly undeliverable: number
  /** Calls that settled after their requests were answered with an error. */
  readonly late: number
  /** Calls that are under way and not answered. */
  readonly unanswered: number
  /** Calls that have not settled, answered or not; `maxInFlight` bounds these. */
  readonly inFlight: number
  /** Connections of clients whose key is on the list. Without CURVE 0. */
  readonly authenticated: number
  /** Connections that were refused because their key is not on the list. Clients without CURVE, or with another server's key, do not get so far: ZeroMQ drops them uncounted. */
  readonly denied: number
}
