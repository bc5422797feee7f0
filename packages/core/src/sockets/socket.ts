import type { Pollable, ReceiveCall } from '../base/receiving/pollable.js'
import type { SocketType } from '../native/socket-type.js'
import type { Frames, Sendable } from './messages/frames.js'
import type { MonitorOptions, SocketMonitor } from './socket-event.js'

/**
 * What became of a socket's messages, in counters that never decrease, and what waits now. It is plain data. Byte
 * counts are those of the frames.
 *
 * ZeroMQ's own queues, up to the high-water marks, lie between what one side has sent and what has arrived at the
 * other. Zera cannot look into them, and does not know what a peer does with a message.
 */
export interface SocketStatistics {
  /** Messages that ZeroMQ accepted; `dropped` says for how many of them it had no room after all. */
  readonly sent: number
  readonly sentBytes: number
  /** Sends that were rejected: at the high-water mark after `sendTimeout`, beyond `SOCKET_LIMITS`, for an unknown peer. */
  readonly refused: number
  /**
   * Messages that were sent and dropped. At a ROUTER that is not `mandatory`, it counts each message whose peer was
   * missing or at its mark. At a PUB or XPUB without `noDrop`, it counts how often a subscriber was found at its mark.
   * ZeroMQ then sends that subscriber nothing until it has room, and does not report how many messages it skipped. So 0
   * means that none was dropped here, and any other number is a lower bound. Not counted: messages that newer ones
   * replace with `conflate`, and what a REP or XSUB drops for a peer at its mark. All other sockets never drop.
   */
  readonly dropped: number
  readonly received: number
  readonly receivedBytes: number
  /** Sends that are not settled. */
  readonly waitingToSend: number
  readonly waitingToSendBytes: number
  /** Messages that have arrived in this thread and have not been received. */
  readonly waitingToReceive: number
  readonly waitingToReceiveBytes: number
}

/** What every socket can do. */
interface PluggableSocket extends AsyncDisposable {
  readonly type: SocketType
  readonly isClosed: boolean
  readonly statistics: SocketStatistics
  /**
   * Binds to an endpoint; a socket may bind to several. Resolves with the actual endpoint, including the port that
   * `tcp://…:*` got.
   *
   * An `ipc://` path is refused, and stays as it is, when it is a plain file, a directory, a link, or a socket with a
   * listener. A socket whose process has died is replaced. Two processes that bind the same path at the same moment may
   * both find it free; the last one gets it. The file stays when the socket is closed.
   *
   * Without keys (`curveServer`, or `curveServerKey` where a client binds), only processes of this user and of root may
   * connect to an ipc socket, and its file has mode 0600. The same holds for a name on Linux, `ipc://@name`. With keys,
   * the umask decides which users get as far as the handshake. Over tcp without keys, every peer that reaches it may
   * connect: `reachOf` says which peers those are.
   *
   * @throws {AddressError} Also for a path of more than 107 bytes (103 where it is not Linux).
   * @throws {EndpointError}
   */
  bind(endpoint: string): Promise<string>
  unbind(endpoint: string): Promise<void>
  /** Connects to an endpoint; a socket may connect to several. The other side may bind later; ZeroMQ keeps trying. */
  connect(endpoint: string): Promise<void>
  disconnect(endpoint: string): Promise<void>
  /**
   * Watches the connections of the socket from now on, so call it before you plug the socket in. Several monitors may
   * watch at once.
   *
   * @example
   *   const monitor = await client.monitor()
   *   await client.connect('tcp://example.org:5555')
   *   for await (const event of monitor) if (event.type === 'handshake-failed') console.error(event.reason.text)
   *
   * @throws {RangeError} When `maxWaiting` is out of its range.
   * @throws {DescriptorLimitError} When there are not 8 descriptors left for it.
   */
  monitor(options?: MonitorOptions): Promise<SocketMonitor>
  /** Closes the socket. Messages that wait to be sent have `linger` milliseconds left. Calling it twice is harmless. */
  close(): Promise<void>
}

/**
 * What sending sockets can do. Messages leave in the order of the calls, each whole. A send does not prove that a peer
 * receives the message: what happens at a peer's high-water mark depends on the type, see `SOCKET_TRAITS`.
 */
export interface SendingSocket extends PluggableSocket {
  /**
   * Sends a message, whole or not at all. Resolves when ZeroMQ has queued it, which is before it reaches the peer.
   *
   * @throws {WouldBlockError} At the high-water mark, after `sendTimeout`; and beyond `SOCKET_LIMITS`, when the program
   *   does not await its sends.
   * @throws {HostUnreachableError} ROUTER, when the peer is not there.
   * @throws {SocketStateError} REQ and REP out of turn.
   * @throws {RangeError} Beyond `MESSAGE_LIMITS`.
   */
  send(message: Sendable): Promise<void>
}

/**
 * What receiving sockets can do. One `receive` may wait at a time. `for await` takes one message after the other, and
 * ends when the socket is closed; every other error of `receive` ends it by a throw.
 */
export interface ReceivingSocket extends PluggableSocket, Pollable, AsyncIterable<Frames> {
  /**
   * Waits for the next message.
   *
   * @throws {SocketError} When the socket is closed in the meantime, or another `receive` waits.
   * @throws {WouldBlockError} After `receiveTimeout`.
   * @throws The reason of the signal of `call`, when that aborts.
   */
  receive(call?: ReceiveCall): Promise<Frames>
}

/** What SUB sockets can do. A subscription is a prefix of the first frame; the empty prefix matches everything. */
export interface SubscribingSocket extends ReceivingSocket {
  subscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
  unsubscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
}

/** Options of one connect. */
export interface NamedConnect {
  /**
   * The routing id of the peer at this socket, whatever the peer claims: 1 to 255 bytes, the first not 0. Text is
   * UTF-8.
   */
  readonly routingId?: string | Uint8Array | undefined
}

/** What ROUTER and STREAM sockets can do. Their messages begin with the routing id of the peer. */
interface RoutingSocket extends SendingSocket, ReceivingSocket {
  /**
   * Connects to an endpoint, and may name the peer, so that you can send to it before it has sent anything.
   *
   * @throws {RangeError} When the routing id is invalid.
   * @throws {SocketError} When a peer of this socket has that id, or may have chosen it: connect the peers with a
   *   routingId first, each with a different one.
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
