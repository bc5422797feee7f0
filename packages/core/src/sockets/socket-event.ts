import type { Pollable, ReceiveCall } from '../base/receiving/pollable.js'
import type { CutReason } from './connection-counts.js'

/** Why a handshake failed, in words for people in `text`. */
export type HandshakeFailure =
  /**
   * The authenticator refused: 300 for a temporary fault, 400 for credentials that are not allowed, 500 for a fault of
   * its own.
   */
  | { readonly kind: 'refused'; readonly status: 300 | 400 | 500; readonly text: string }
  /**
   * One side broke the protocol, or sent what the other does not expect. `code` is ZeroMQ's, such as
   * `ZMTP_MECHANISM_MISMATCH`, `ZMTP_CRYPTOGRAPHIC` or `ZAP_BAD_VERSION`.
   */
  | { readonly kind: 'protocol'; readonly code: string; readonly text: string }
  /** The listener of `ServerSecurity.listen` ended the connection first. */
  | { readonly kind: 'cut'; readonly cut: CutReason; readonly text: string }
  /** ZeroMQ gives only an errno: usually the other side has closed the connection. */
  | { readonly kind: 'no-detail'; readonly errno: string; readonly text: string }

interface At {
  /** The endpoint that the socket bound or connected to. */
  readonly endpoint: string
  /** When ZeroMQ reported it, in milliseconds since 1970. */
  readonly atMs: number
}

interface Failed extends At {
  /** Such as `EADDRINUSE`. */
  readonly errno: string
  readonly text: string
}

/**
 * Something that happened to the connections of a socket. `peer` is the other side's address where it is known, which
 * is the case with `ServerSecurity.listen`.
 */
export type SocketEvent =
  /** A connection is up; its handshake follows. */
  | ({ readonly type: 'connected' } & At)
  /** A connect has begun and is not complete. */
  | ({ readonly type: 'connect-delayed' } & At)
  /** A connect is tried again after that time. */
  | ({ readonly type: 'connect-retried'; readonly afterMs: number } & At)
  | ({ readonly type: 'listening' } & At)
  | ({ readonly type: 'bind-failed' } & Failed)
  /** A peer has connected; the handshake follows. */
  | ({ readonly type: 'accepted'; readonly peer?: string | undefined } & At)
  | ({ readonly type: 'accept-failed' } & Failed)
  /** The socket no longer listens at, or connects to, that endpoint. */
  | ({ readonly type: 'closed' } & At)
  | ({ readonly type: 'close-failed' } & Failed)
  /** A connection has ended. ZeroMQ reconnects by itself, as `reconnectInterval` says. */
  | ({ readonly type: 'disconnected'; readonly peer?: string | undefined } & At)
  /** Messages can travel. */
  | ({ readonly type: 'handshake-succeeded'; readonly peer?: string | undefined } & At)
  | ({ readonly type: 'handshake-failed'; readonly reason: HandshakeFailure; readonly peer?: string | undefined } & At)

/** The kinds of events. */
export type SocketEventType = SocketEvent['type']

/** Options of a monitor. */
export interface MonitorOptions {
  /** Events that may wait to be received, 1 to 65,536; more are dropped and counted. Default 1,000. */
  readonly maxWaiting?: number | undefined
}

/**
 * What happens to the connections of a socket, in order: a Pollable, and an async iterable that ends with the socket.
 *
 * It covers tcp and ipc; ZeroMQ reports nothing for inproc. Closing a watched socket waits at most 0.2 s until the
 * monitor has reported its end.
 */
export interface SocketMonitor extends Pollable, AsyncIterable<SocketEvent>, AsyncDisposable {
  /** Events dropped so far because too many waited; the newest are dropped. */
  readonly dropped: number
  /**
   * Waits for the next event. Resolves with undefined when the socket is closed and all events were received.
   *
   * @throws The signal's reason.
   */
  receive(call?: ReceiveCall): Promise<SocketEvent | undefined>
  /** Stops watching. Waiting events are dropped, and the iterators end. Calling it twice is harmless. */
  close(): Promise<void>
}
