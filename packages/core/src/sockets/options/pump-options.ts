import type { SocketType } from '../../native/socket-type.js'
import type { SocketOptions } from './socket-options.js'

/**
 * A socket of a pump: its type, and its options as for `openSocket`. By default a ROUTER is not `mandatory` here: a
 * message for a peer that has gone is dropped and counted.
 */
export type PumpSocketOptions = {
  readonly [T in SocketType]: { readonly type: T; readonly options?: SocketOptions[T] }
}[SocketType]

/** What a pump does besides handing messages on unchanged. */
export type PumpRule =
  /**
   * Each message to the backend is a request, and each message back is its reply. `drain` waits for the replies that
   * are due.
   */
  | { readonly kind: 'replies' }
  /**
   * A request goes to the worker that has been ready the longest. While no worker is ready, requests wait at the
   * frontend. The backend is a ROUTER; a worker, REQ or DEALER, says `[''] ['READY']` once for each request that it can
   * do at a time, and every reply makes it ready again (zguide, chapter 3, "load balancing pattern"). `lostReply` is
   * the body of the reply that a client gets when its worker is lost; without it, the client gets no reply.
   */
  | { readonly kind: 'ready-workers'; readonly lostReply?: readonly string[] }
  /**
   * A new subscriber at the backend, an XPUB, gets the last message of each matching key. The key is the first frame.
   * Existing subscribers to those keys get it once more. Subscriptions are not forwarded.
   */
  | { readonly kind: 'last-values'; readonly maxKeys: number; readonly whenFull: 'forget-oldest' | 'refuse-new' }

/** The sockets of a pump, and its rule. */
export interface PumpOptions {
  readonly frontend: PumpSocketOptions
  readonly backend: PumpSocketOptions
  /**
   * Gets a copy of every message in both directions, as long as it has room. Copies that find no room are dropped and
   * counted. PUB, PUSH, PAIR or DEALER.
   */
  readonly capture?: PumpSocketOptions
  /** Default: every message is handed on unchanged. */
  readonly rule?: PumpRule
}

/** The sockets of a pump. */
export const PUMP_SIDES = ['frontend', 'backend', 'capture'] as const
export type PumpSide = (typeof PUMP_SIDES)[number]

/** A socket of a pump, with checked options under the names that zeromq.js uses. */
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
