import type { SocketType } from '../../native/socket-type.js'
import type { SocketOptions } from './socket-options.js'

/**
 * A socket of a pump: its type, and its options as `openSocket` has them. A ROUTER is not `mandatory` here by default:
 * a message for a peer that has gone is dropped, and counted.
 */
export type PumpSocketOptions = {
  readonly [T in SocketType]: { readonly type: T; readonly options?: SocketOptions[T] }
}[SocketType]

/** What a pump does beside handing messages on as they are. */
export type PumpRule =
  /** Each message to the backend is a request, and each one back its reply. `drain` waits for the replies that are due. */
  | { readonly kind: 'replies' }
  /**
   * A request goes to the worker that has been ready for the longest time, and waits in front when none is. The backend
   * is a ROUTER; a worker, REQ or DEALER, says `[''] ['READY']` once for each request that it can do at a time, and
   * every reply makes it ready again (zguide, chapter 3, "load balancing pattern"). `lostReply` is the body of what a
   * client is told when its worker was lost; without it, it is told nothing.
   */
  | { readonly kind: 'ready-workers'; readonly lostReply?: readonly string[] }
  /**
   * Whoever subscribes at the backend, an XPUB, gets the last message of each key that matches, which is its first
   * frame. Others that have subscribed to those keys get it once more. Subscriptions are not forwarded.
   */
  | { readonly kind: 'last-values'; readonly maxKeys: number; readonly whenFull: 'forget-oldest' | 'refuse-new' }

/** The sockets of a pump, and its rule. */
export interface PumpOptions {
  readonly frontend: PumpSocketOptions
  readonly backend: PumpSocketOptions
  /**
   * Is sent a copy of every message, both ways, as far as it has room; what it has no room for is counted. PUB, PUSH,
   * PAIR or DEALER.
   */
  readonly capture?: PumpSocketOptions
  /** Default: every message is handed on as it is. */
  readonly rule?: PumpRule
}

/** The sockets of a pump. */
export const PUMP_SIDES = ['frontend', 'backend', 'capture'] as const
export type PumpSide = (typeof PUMP_SIDES)[number]

/** A socket of a pump, with options that were checked and are named as zeromq.js has them. */
export interface CheckedPumpSocket {
  readonly type: SocketType
  readonly native: object
}

/** A pump, checked. */
export interface CheckedPump {
  readonly frontend: CheckedPumpSocket
  readonly backend: CheckedPumpSocket
  readonly capture?: CheckedPumpSocket
  readonly rule?: PumpRule
}
