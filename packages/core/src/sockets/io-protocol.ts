import type { SocketType } from '../native/socket-type.js'
import type { ConnectionCounts } from './connection-counts.js'
import type { Cause } from './diagnosis.js'
import type { WireFrame } from './messages/frames.js'
import type { ListeningLimits } from './options/listening-limits.js'
import type { CheckedPump } from './options/pump-options.js'
import type { Peer } from './peer.js'
import type { SocketEvent } from './socket-event.js'

/** What a thread asks the I/O thread for; `request` numbers the answer. */
export type IoRequest =
  | readonly ['open', request: number, socket: number, type: SocketType, options: object]
  | readonly [
      'bind' | 'unbind' | 'connect' | 'disconnect' | 'subscribe' | 'unsubscribe',
      request: number,
      socket: number,
      argument: string,
    ]
  /** Connects to a peer that has that routing id here, in base64. */
  | readonly ['connect-as', request: number, socket: number, endpoint: string, routingId: string]
  /** Watches a socket: so many events may wait to be received. */
  | readonly ['monitor', request: number, socket: number, monitor: number, room: number]
  /** Binds behind what limits and watches connections. */
  | readonly ['listen', request: number, socket: number, endpoint: string, limits: ListeningLimits]
  | readonly ['close', request: number, socket: number]
  /**
   * Opens a pump's sockets, which are plugged in as others are: its frontend, backend and capture. The pump goes by the
   * number of its frontend.
   */
  | readonly ['pump', request: number, sockets: readonly number[], pump: CheckedPump]
  /** `'count'` is answered with the statistics, as JSON. */
  | readonly ['steer', request: number, pump: number, verb: 'pause' | 'resume' | 'count' | 'close']
  /** Answered with whether it is drained, as JSON. */
  | readonly ['drain', request: number, pump: number, timeoutMs: number]
  /** A worker of that routing id has died. Answered with how many requests it had. */
  | readonly ['lose', request: number, pump: number, worker: string]
  /** Answered with the address of the client that ZeroMQ asks about in a domain, if it came in by what listens. */
  | readonly ['who', request: number, domain: string]
  /** Answered with the findings about all sockets, as JSON. */
  | readonly ['examine', request: number]

/** What a thread tells the I/O thread, without an answer of its own. */
export type IoNotice =
  /** A message to send: each is reported as sent or refused, in this order. */
  | readonly ['send', socket: number, frames: readonly WireFrame[]]
  /** So many messages of a socket were received, and as many more are wanted. */
  | readonly ['take', socket: number, messages: number]
  /** So many events of a monitor were received, and as many more are wanted; -1 ends it. */
  | readonly ['heard', socket: number, monitor: number, events: number]
  /** So many calls on a socket went wrong before they came to the I/O thread. */
  | readonly ['note', socket: number, cause: Cause, calls: number]
  /** ZeroMQ has asked for a key in a domain, and is about to be answered. */
  | readonly ['judged', domain: string, publicKey: string, isAllowed: boolean, userId: string]
  /** These clients of a domain are no longer wanted, or all others are not. */
  | readonly ['dismiss', domain: string, who: 'these' | 'others', publicKeys: readonly string[]]

/** What the I/O thread says to a thread. */
export type IoReport =
  | readonly ['done', request: number, value: string | null]
  | readonly ['failed', request: number, errno: string, text: string]
  | readonly ['message', socket: number, frames: readonly WireFrame[]]
  /** ZeroMQ has so many more messages of a socket. */
  | readonly ['sent', socket: number, messages: number]
  /** So many of them were dropped: for all their peers, or for one of a publisher's. */
  | readonly ['dropped', socket: number, messages: number]
  /** What has become of the connections of a socket that listens. */
  | readonly ['counted', socket: number, counts: ConnectionCounts]
  /** Whose messages come under a routing id from now on, at a socket that listens; `null` when it has gone. */
  | readonly ['peer', socket: number, routingId: string, peer: Peer | null]
  /** ZeroMQ has refused the next message of a socket. */
  | readonly ['refused', socket: number, errno: string, text: string]
  /** A receive has failed; the socket takes no more until it is asked again. */
  | readonly ['faulted', socket: number, errno: string, text: string]
  /** What has happened to a watched socket, `'end'`, or nothing but that so many events were dropped in all. */
  | readonly ['event', monitor: number, event: SocketEvent | 'end' | null, dropped: number]
