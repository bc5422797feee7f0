import type { Pollable, ReceiveCall } from '../base/receiving/pollable.js'
import type { CutReason } from './connection-counts.js'

/** Why a handshake failed, in words for people in `text`. */
export type HandshakeFailure =
  /**
   * Whoever authenticates said no: 300 for a fault that may pass, 400 for credentials that are not allowed, 500 for a
   * fault of its own.
   */
  | { readonly kind: 'refused'; readonly status: 300 | 400 | 500; readonly text: string }
  /**
   * What one side said is none of the protocol, or not what the other expects. `code` is ZeroMQ's, such as
   * `ZMTP_MECHANISM_MISMATCH`, `ZMTP_CRYPTOGRAPHIC` or `ZAP_BAD_VERSION`.
   */
  | { readonly kind: 'protocol'; readonly code: string; readonly text: string }
  /** What listens with `ServerSecurity.listen` has ended the connection before. */
  | { readonly kind: 'cut'; readonly cut: CutReason; readonly text: string }
  /** ZeroMQ says no more than an errno: most often the other side has closed the connection. */
  | { readonly kind: 'no-detail'; readonly errno: string; readonly text: string }

interface At {
  /** The endpoint that was bound, or connected to. */
  readonly endpoint: string
  /** When ZeroMQ said so, in milliseconds since 1970. */
  readonly atMs: number
}

interface Failed extends At {
  /** Such as `EADDRINUSE`. */
  readonly errno: string
  readonly text: string
}

/**
 * Something that happened to the connections of a socket. `peer` is the other side's address where it is known, which
 * is behind `ServerSecurity.listen`.
 */
export type SocketEvent =
  /** A connection is up; its handshake follows. */
  | ({ readonly type: 'connected' } & At)
  /** A connect was begun and is not complete. */
  | ({ readonly type: 'connect-delayed' } & At)
  /** A connect is tried again, after that time. */
  | ({ readonly type: 'connect-retried'; readonly afterMs: number } & At)
  | ({ readonly type: 'listening' } & At)
  | ({ readonly type: 'bind-failed' } & Failed)
  /** Somebody has connected; the handshake follows. */
  | ({ readonly type: 'accepted'; readonly peer?: string } & At)
  | ({ readonly type: 'accept-failed' } & Failed)
  /** Nothing is listened to, or connected to, at that endpoint any more. */
  | ({ readonly type: 'closed' } & At)
  | ({ readonly type: 'close-failed' } & Failed)
  /** A connection has ended. ZeroMQ connects anew by itself, as `reconnectInterval` says. */
  | ({ readonly type: 'disconnected'; readonly peer?: string } & At)
  /** Messages can travel. */
  | ({ readonly type: 'handshake-succeeded'; readonly peer?: string } & At)
  | ({ readonly type: 'handshake-failed'; readonly reason: HandshakeFailure; readonly peer?: string } & At)

/** What happened, to be told with its time. */
export type SocketEventType = SocketEvent['type']

/** How a socket is watched. */
export interface MonitorOptions {
  /** Events that may wait to be received, 1 to 65,536; more are dropped and counted. Default 1,000. */
  readonly maxWaiting?: number
}

/**
 * What happens to the connections of a socket, in order: a Pollable, and an async iterable that ends with the socket.
 *
 * It tells of tcp and ipc. ZeroMQ tells nothing of inproc. The close of a socket that is watched waits 0.2 s at most
 * until all was told of its end.
 */
export interface SocketMonitor extends Pollable, AsyncIterable<SocketEvent>, AsyncDisposable {
  /** Events that were dropped so far, since too many waited: those that came last. */
  readonly dropped: number
  /**
   * Waits for the next event; undefined when the socket is closed and all were received.
   *
   * @throws The signal's reason.
   */
  receive(call?: ReceiveCall): Promise<SocketEvent | undefined>
  /** Stops watching. What waits is dropped, and its iterators end. Calling it twice is harmless. */
  close(): Promise<void>
}
