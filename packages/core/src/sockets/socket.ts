import type { Pollable, ReceiveCall } from '../base/receiving/pollable.js'
import type { SocketType } from '../native/socket-type.js'
import type { Frames, Sendable } from './messages/frames.js'
import type { MonitorOptions, SocketMonitor } from './socket-event.js'

/**
 * What became of a socket's messages, in counters that never decrease, and what waits now: plain data. Bytes are those
 * of the frames.
 *
 * ZeroMQ's own queues, up to the high-water marks, lie between what one side has sent and what has arrived at the
 * other, and cannot be looked into. What a peer does with a message is not known here.
 */
export interface SocketStatistics {
  /** Messages that ZeroMQ has taken; `dropped` says for how many of them it had no room after all. */
  readonly sent: number
  readonly sentBytes: number
  /** Sends that were rejected: at the high-water mark after `sendTimeout`, beyond `SOCKET_LIMITS`, for an unknown peer. */
  readonly refused: number
  /**
   * Messages that were sent and dropped. At a ROUTER that is not `mandatory`, each: its peer was not there, or at its
   * mark. At a PUB or XPUB without `noDrop`, the times that a subscriber was found at its mark: ZeroMQ then gives it
   * nothing until it has room, and tells nobody how much that was. So 0 says that none was dropped here, and more says
   * that at least so many were. With `conflate`, what newer messages replace is not counted, nor is what a REP or XSUB
   * drops for a peer at its mark. All others never drop.
   */
  readonly dropped: number
  readonly received: number
  readonly receivedBytes: number
  /** Sends that are not settled. */
  readonly waitingToSend: number
  readonly waitingToSendBytes: number
  /** Messages that have arrived in this thread and were not received. */
  readonly waitingToReceive: number
  readonly waitingToReceiveBytes: number
}

/** What every socket can do. */
export interface PluggableSocket extends AsyncDisposable {
  readonly type: SocketType
  readonly isClosed: boolean
  readonly statistics: SocketStatistics
  /**
   * Binds to an endpoint, one of several if need be. Resolves with the endpoint as it is, with the port that
   * `tcp://…:*` got.
   *
   * A path of `ipc://` that is a plain file, a directory, a link, or a socket on which somebody listens is refused and
   * stays as it is; a socket whose process has died is replaced. Two processes that bind the same path in the same
   * moment may both find it free; the last one has it then. The file stays when the socket is closed.
   *
   * Without keys (`curveServer`, or `curveServerKey` where a client binds), only processes of this user and of root may
   * connect to an ipc socket, and its file has mode 0600; a name on Linux, `ipc://@name`, is for them alone, too. With
   * keys the umask decides who gets as far as the handshake. Over tcp without keys everybody may connect who reaches
   * the address: `reachOf` says who that is.
   *
   * @throws {AddressError} Also for a path of more than 107 bytes (103 where it is not Linux).
   * @throws {EndpointError}
   */
  bind(endpoint: string): Promise<string>
  unbind(endpoint: string): Promise<void>
  /** Connects to an endpoint, one of several if need be. The other side may bind later; ZeroMQ goes on trying. */
  connect(endpoint: string): Promise<void>
  disconnect(endpoint: string): Promise<void>
  /**
   * Watches the connections of the socket, from now on: so call it before you plug the socket in. It may be watched by
   * several at once.
   *
   * @example
   *   ;```ts
   *   const monitor = await client.monitor()
   *   await client.connect('tcp://example.org:5555')
   *   for await (const event of monitor) if (event.type === 'handshake-failed') console.error(event.reason.text)
   *   ```
   *
   * @throws {RangeError} When `maxWaiting` is out of its range. @throws {DescriptorLimitError} When there are not 8
   *   descriptors left for it.
   */
  monitor(options?: MonitorOptions): Promise<SocketMonitor>
  /** Closes the socket. What waits to be sent has `linger` milliseconds. Calling it twice is harmless. */
  close(): Promise<void>
}

/** What sockets that send can do. */
export interface SendingSocket extends PluggableSocket {
  /**
   * Sends a message, whole or not at all. Resolves when it is queued in ZeroMQ, which is not yet at the peer.
   *
   * @throws {WouldBlockError} At the high-water mark, after `sendTimeout`; and beyond `SOCKET_LIMITS`, when nobody
   *   awaits sends.
   * @throws {HostUnreachableError} ROUTER, when the peer is not there.
   * @throws {SocketStateError} REQ and REP out of turn.
   * @throws {RangeError} Beyond `MESSAGE_LIMITS`.
   */
  send(message: Sendable): Promise<void>
}

/** What sockets that receive can do. */
export interface ReceivingSocket extends PluggableSocket, Pollable, AsyncIterable<Frames> {
  /**
   * Waits for the next message.
   *
   * @throws {SocketError} When the socket is closed meanwhile.
   * @throws {WouldBlockError} After `receiveTimeout`.
   */
  receive(call?: ReceiveCall): Promise<Frames>
}

/** What SUB sockets can do. A subscription is a prefix of the first frame; the empty one is for everything. */
export interface SubscribingSocket extends ReceivingSocket {
  subscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
  unsubscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
}

/** How one connect differs from others. */
export interface NamedConnect {
  /**
   * The routing id that the peer has at this socket, whatever it says itself: 1 to 255 bytes, of which the first is not 0.
   * Text is UTF-8.
   */
  readonly routingId?: string | Uint8Array
}

/** What ROUTER and STREAM sockets can do, whose messages begin with the routing id of the peer. */
export interface RoutingSocket extends SendingSocket, ReceivingSocket {
  /**
   * Connects to an endpoint, and may give the peer a name, so that something can be sent to it before it has said
   * anything.
   *
   * @throws {RangeError} When the routing id is none.
   * @throws {SocketError} When a peer of this socket has it, or may have chosen it: connect those with a routingId
   *   first, each with another.
   */
  connect(endpoint: string, call?: NamedConnect): Promise<void>
}

/** What each type of socket is. */
export interface Sockets {
  PAIR: SendingSocket & ReceivingSocket
  REQ: SendingSocket & ReceivingSocket
  REP: SendingSocket & ReceivingSocket
  DEALER: SendingSocket & ReceivingSocket
  ROUTER: RoutingSocket
  PUB: SendingSocket
  SUB: SubscribingSocket
  XPUB: SendingSocket & ReceivingSocket
  XSUB: SendingSocket & ReceivingSocket
  PUSH: SendingSocket
  PULL: ReceivingSocket
  STREAM: RoutingSocket
}
