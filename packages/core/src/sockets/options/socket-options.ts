import { AuthenticatorRequiredError, ClientListRequiredError } from '../../base/errors/errors.js'
import { withoutUndefined } from '../../base/values/filled.js'
import { expectOptions, type OptionNames } from '../../base/values/options/known-options.js'
import type { SocketType } from '../../native/socket-type.js'
import { writeBytes } from './option-bytes.js'
import {
  BYTES,
  COUNT,
  DOMAIN,
  expectAllowed,
  FLAG,
  FRAME,
  MILLISECONDS,
  NAME,
  numberOf,
  ofSystem,
  oneOf,
  ROUTING_ID,
  TEXT,
  type OptionRule,
} from './option-rules.js'

/** Options of every socket. They are set before the socket is plugged in, and apply to all its connections. */
interface CommonOptions {
  /**
   * ZMQ_LINGER. Milliseconds that waiting messages outlive the socket's close. Default 1,000; 0 for SUB and XSUB. 0
   * drops them. -1 keeps them, and the process, until they are sent. When the thread or the process ends before the
   * close, the limit is 400. Over tcp and ipc, messages in transit to a receiver at its own high-water mark are lost
   * all the same. If none may be lost, let the receiver confirm that it has everything, and then close.
   */
  readonly linger?: number | undefined
  /**
   * ZMQ_MAXMSGSIZE. Size in bytes of the largest message that the socket accepts; a peer that sends a larger one is
   * disconnected. Default -1, no limit.
   */
  readonly maxMessageSize?: number | undefined
  /** ZMQ_RECONNECT_IVL. Milliseconds between two attempts to connect. Default 100; -1 never tries again. */
  readonly reconnectInterval?: number | undefined
  /** ZMQ_RECONNECT_IVL_MAX. Milliseconds up to which the interval doubles. Default 0: it does not double. */
  readonly reconnectMaxInterval?: number | undefined
  /** ZMQ_CONNECT_TIMEOUT. Milliseconds that one attempt may take. Default 0: as long as the operating system allows. */
  readonly connectTimeout?: number | undefined
  /** ZMQ_HANDSHAKE_IVL. Milliseconds that a peer has to complete the handshake. Default 30,000; 0 waits forever. */
  readonly handshakeInterval?: number | undefined
  /** ZMQ_HEARTBEAT_IVL. Milliseconds between two heartbeats. Default 0, none. */
  readonly heartbeatInterval?: number | undefined
  /** ZMQ_HEARTBEAT_TIMEOUT. Milliseconds without an answer after which the connection is closed. Default: the interval. */
  readonly heartbeatTimeout?: number | undefined
  /**
   * ZMQ_HEARTBEAT_TTL. Milliseconds without a heartbeat after which the peer should close the connection, in steps of a
   * tenth of a second, up to 6,553,599. Default 0: the peer decides.
   */
  readonly heartbeatTimeToLive?: number | undefined
  /**
   * ZMQ_AFFINITY. Which threads of ZeroMQ serve new connections: bit 0 for the first, and so on. Default 0, the least
   * busy one.
   *
   * @see ContextSettings.ioThreads
   */
  readonly affinity?: number | undefined
  /** ZMQ_BACKLOG. Connections that may wait to be accepted. Default 100. */
  readonly backlog?: number | undefined
  /** ZMQ_IMMEDIATE. Whether messages are queued only for complete connections. Default false. */
  readonly immediate?: boolean | undefined
  /** ZMQ_IPV6. Whether IPv6 is used. Default false. */
  readonly ipv6?: boolean | undefined
  /** ZMQ_TCP_KEEPALIVE. 0 off, 1 on. Default -1, the operating system's setting. */
  readonly tcpKeepalive?: number | undefined
  /**
   * ZMQ_TCP_KEEPALIVE_CNT. Unanswered probes after which the connection counts as dead, 1 to 127. Default -1, the
   * operating system's setting.
   */
  readonly tcpKeepaliveCount?: number | undefined
  /**
   * ZMQ_TCP_KEEPALIVE_IDLE. Seconds of silence before the first probe, 1 to 32,767. Default -1, the operating system's
   * setting.
   */
  readonly tcpKeepaliveIdle?: number | undefined
  /** ZMQ_TCP_KEEPALIVE_INTVL. Seconds between two probes, 1 to 32,767. Default -1, the operating system's setting. */
  readonly tcpKeepaliveInterval?: number | undefined
  /** ZMQ_TOS. The byte of IP headers that names the type of service (DSCP and ECN), 0 to 255. Default 0. */
  readonly typeOfService?: number | undefined
  /**
   * ZMQ_TCP_MAXRT. Milliseconds that sent data may stay unacknowledged over tcp before the operating system ends the
   * connection; not all systems do. Default 0: as long as the system allows.
   */
  readonly tcpMaxRetransmitTimeout?: number | undefined
  /**
   * ZMQ_CURVE_SERVER. Whether the socket is the server of its connections' encryption. Default false. It needs
   * `curveSecretKey` and a `zapDomain`: `secureServer` provides all three.
   */
  readonly curveServer?: boolean | undefined
  /** ZMQ_CURVE_PUBLICKEY. This socket's public key, 40 characters of Z85. */
  readonly curvePublicKey?: string | undefined
  /** ZMQ_CURVE_SECRETKEY. This socket's secret key. */
  readonly curveSecretKey?: string | undefined
  /** ZMQ_CURVE_SERVERKEY. For clients: the server's public key. */
  readonly curveServerKey?: string | undefined
  /**
   * ZMQ_PLAIN_SERVER. Whether the socket is a PLAIN server: its clients send a name and a password in clear text.
   * Default false. It needs a `zapDomain`: `startAuthentication` answers for one.
   */
  readonly plainServer?: boolean | undefined
  /** ZMQ_PLAIN_USERNAME. This socket's name at a PLAIN server, 1 to 255 bytes. Set `plainPassword` with it. */
  readonly plainUsername?: string | undefined
  /**
   * ZMQ_PLAIN_PASSWORD. The password, 1 to 255 bytes. Anyone who sees the traffic sees it: CURVE encrypts, PLAIN does
   * not.
   */
  readonly plainPassword?: string | undefined
  /** ZMQ_ZAP_DOMAIN. The domain named in authentication requests, at most 200 bytes. Default none. */
  readonly zapDomain?: string | undefined
  /**
   * ZMQ_ZAP_ENFORCE_DOMAIN. Whether all clients are refused while no handler answers for that domain. Default true with
   * a domain (ZeroMQ's own default lets everyone in); false is refused.
   */
  readonly zapEnforceDomain?: boolean | undefined
}

/** Options of sockets that send. */
interface SendOptions {
  /**
   * ZMQ_SNDHWM. Messages that may wait for one peer. Default 1,000; 0 is no limit. Over inproc, the marks of both sides
   * add up.
   */
  readonly sendHighWaterMark?: number | undefined
  /**
   * ZMQ_SNDTIMEO. Milliseconds until a send at the high-water mark rejects with WouldBlockError; 0 rejects at once.
   * Default -1: it waits.
   */
  readonly sendTimeout?: number | undefined
  /** ZMQ_SNDBUF. Bytes of the operating system's buffer. Default -1, its own. */
  readonly sendBufferSize?: number | undefined
}

/** Options of sockets that receive. */
interface ReceiveOptions {
  /**
   * ZMQ_RCVHWM. Messages that may wait from one peer. Default 1,000; 0 is no limit. Up to 256 more wait in the
   * receiving thread (`SOCKET_LIMITS`).
   */
  readonly receiveHighWaterMark?: number | undefined
  /**
   * ZMQ_RCVTIMEO. Milliseconds until a receive rejects with WouldBlockError; 0 rejects at once when nothing has
   * arrived. Default -1: it waits.
   */
  readonly receiveTimeout?: number | undefined
  /** ZMQ_RCVBUF. Bytes of the operating system's buffer. Default -1, its own. */
  readonly receiveBufferSize?: number | undefined
}

/** Options of sockets with an identity. */
interface RoutingOptions {
  /**
   * ZMQ_ROUTING_ID. The name by which ROUTER peers know this socket: 1 to 255 bytes, the first not 0. Text is UTF-8.
   * Default: the peer generates one. `ServerSecurity.listen` ignores it.
   */
  readonly routingId?: string | Uint8Array | undefined
}

interface ProbeOption {
  /**
   * ZMQ_PROBE_ROUTER. Whether each new connection begins with an empty message, which tells a ROUTER on the other side
   * about it. Default false.
   */
  readonly probeRouter?: boolean | undefined
}

interface MatchOption {
  /**
   * ZMQ_INVERT_MATCHING. Whether subscribers get the messages that do not match their subscriptions. Both sides have to
   * set it. Default false.
   */
  readonly invertMatching?: boolean | undefined
}

/** The options of each type. */
export interface SocketOptions {
  PAIR: CommonOptions & SendOptions & ReceiveOptions
  REQ: CommonOptions &
    SendOptions &
    ReceiveOptions &
    RoutingOptions &
    ProbeOption & {
      /** ZMQ_REQ_CORRELATE. Whether replies are matched to requests, so that a late one is dropped. Default false. */
      readonly correlate?: boolean | undefined
      /** ZMQ_REQ_RELAXED. Whether a new request may be sent before the reply to the last. Default false. */
      readonly relaxed?: boolean | undefined
    }
  REP: CommonOptions & SendOptions & ReceiveOptions & RoutingOptions
  DEALER: CommonOptions & SendOptions & ReceiveOptions & RoutingOptions & ProbeOption & ConflateOption
  ROUTER: CommonOptions &
    SendOptions &
    ReceiveOptions &
    RoutingOptions &
    ProbeOption & {
      /**
       * ZMQ_ROUTER_MANDATORY. Whether a send to a missing peer rejects with HostUnreachableError, and a message to a
       * peer at its mark waits, instead of being dropped. Zera's default is true.
       */
      readonly mandatory?: boolean | undefined
      /** ZMQ_ROUTER_HANDOVER. Whether a new peer takes over the identity of an old one. Default false. */
      readonly handover?: boolean | undefined
    }
  PUB: CommonOptions & SendOptions & PublishOptions & MatchOption & ConflateOption
  SUB: CommonOptions & ReceiveOptions & MatchOption & ConflateOption
  XPUB: CommonOptions &
    SendOptions &
    ReceiveOptions &
    PublishOptions &
    MatchOption & {
      /** ZMQ_XPUB_MANUAL. Whether subscriptions count only when the program repeats them. Default false. */
      readonly manual?: boolean | undefined
      /** ZMQ_XPUB_WELCOME_MSG. What each new subscriber receives first. Default nothing. */
      readonly welcomeMessage?: string | Uint8Array | undefined
      /**
       * ZMQ_XPUB_VERBOSE and ZMQ_XPUB_VERBOSER. Which subscription messages can be received. `'allSubs'`: every
       * subscription, not only the first to each prefix. `'allSubsUnsubs'`: every unsubscription, too. Default: the
       * first subscription to each prefix and the last unsubscription from it.
       */
      readonly verbosity?: 'allSubs' | 'allSubsUnsubs' | undefined
    }
  XSUB: CommonOptions & SendOptions & ReceiveOptions
  PUSH: CommonOptions & SendOptions & ConflateOption
  PULL: CommonOptions & ReceiveOptions & ConflateOption
  STREAM: CommonOptions &
    SendOptions &
    ReceiveOptions & {
      /** ZMQ_STREAM_NOTIFY. Whether connects and disconnects arrive as empty messages. Default true. */
      readonly notify?: boolean | undefined
    }
}

interface ConflateOption {
  /** ZMQ_CONFLATE. Whether only the last message is kept; multipart messages are not possible then. Default false. */
  readonly conflate?: boolean | undefined
}

interface PublishOptions {
  /**
   * ZMQ_XPUB_NODROP. Whether a publisher waits at a subscriber's mark instead of dropping messages for that subscriber.
   * Default false.
   */
  readonly noDrop?: boolean | undefined
}

const COMMON: Readonly<Record<string, OptionRule>> = {
  linger: MILLISECONDS,
  maxMessageSize: BYTES,
  reconnectInterval: MILLISECONDS,
  reconnectMaxInterval: MILLISECONDS,
  connectTimeout: MILLISECONDS,
  handshakeInterval: MILLISECONDS,
  heartbeatInterval: MILLISECONDS,
  heartbeatTimeout: MILLISECONDS,
  heartbeatTimeToLive: numberOf('milliseconds', 0, 6_553_599),
  backlog: COUNT,
  immediate: FLAG,
  ipv6: FLAG,
  tcpKeepalive: numberOf('count', -1, 1),
  tcpKeepaliveCount: ofSystem('count', 127),
  tcpKeepaliveIdle: ofSystem('seconds', 32_767),
  tcpKeepaliveInterval: ofSystem('seconds', 32_767),
  tcpMaxRetransmitTimeout: MILLISECONDS,
  typeOfService: numberOf('count', 0, 255),
  affinity: numberOf('bits', 0, Number.MAX_SAFE_INTEGER),
  plainServer: FLAG,
  plainUsername: NAME,
  plainPassword: NAME,
  curveServer: FLAG,
  curvePublicKey: TEXT,
  curveSecretKey: TEXT,
  curveServerKey: TEXT,
  zapDomain: DOMAIN,
  zapEnforceDomain: FLAG,
}
const SEND: Readonly<Record<string, OptionRule>> = {
  sendHighWaterMark: COUNT,
  sendTimeout: MILLISECONDS,
  sendBufferSize: BYTES,
}
const RECEIVE: Readonly<Record<string, OptionRule>> = {
  receiveHighWaterMark: COUNT,
  receiveTimeout: MILLISECONDS,
  receiveBufferSize: BYTES,
}
const BOTH = { ...COMMON, ...SEND, ...RECEIVE }

const OPTIONS: Readonly<Record<SocketType, Readonly<Record<string, OptionRule>>>> = {
  PAIR: BOTH,
  REQ: { ...BOTH, routingId: ROUTING_ID, probeRouter: FLAG, correlate: FLAG, relaxed: FLAG },
  REP: { ...BOTH, routingId: ROUTING_ID },
  DEALER: { ...BOTH, routingId: ROUTING_ID, probeRouter: FLAG, conflate: FLAG },
  ROUTER: { ...BOTH, routingId: ROUTING_ID, probeRouter: FLAG, mandatory: FLAG, handover: FLAG },
  PUB: { ...COMMON, ...SEND, noDrop: FLAG, invertMatching: FLAG, conflate: FLAG },
  SUB: { ...COMMON, ...RECEIVE, invertMatching: FLAG, conflate: FLAG },
  XPUB: {
    ...BOTH,
    noDrop: FLAG,
    invertMatching: FLAG,
    manual: FLAG,
    welcomeMessage: FRAME,
    verbosity: oneOf('allSubs', 'allSubsUnsubs'),
  },
  XSUB: BOTH,
  PUSH: { ...COMMON, ...SEND, conflate: FLAG },
  PULL: { ...COMMON, ...RECEIVE, conflate: FLAG },
  STREAM: { ...BOTH, notify: FLAG },
}

const NAMES: ReadonlyMap<string, OptionNames> = new Map(
  Object.entries(OPTIONS).map(([type, rules]) => [type, new Map(Object.keys(rules).map(name => [name, true]))]),
)

/**
 * Zera's defaults where they differ from ZeroMQ's: a closed socket does not hold up the process forever, and no message
 * to an unknown peer vanishes.
 */
const DEFAULTS = { linger: 1000 } as const
// Only subscriptions wait at a SUB, and losing them harms no one.
const TYPE_DEFAULTS: Readonly<Partial<Record<SocketType, object>>> = {
  ROUTER: { mandatory: true },
  SUB: { linger: 0 },
  XSUB: { linger: 0 },
}

/** The options of a socket, checked. */
export interface CheckedOptions {
  /** The options of the native socket. */
  readonly native: { readonly linger: number }
  /** The receiving thread applies this time-out itself, since native receives run ahead of it. */
  readonly receiveTimeoutMs: number
  /** Whether a REQ may send at any time. */
  readonly relaxed: boolean
}

/**
 * Checks the options of a socket and fills in Zera's defaults.
 *
 * @throws {TypeError} When the type has no such option, its value is of another kind, or a server of encryption has no
 *   secret key.
 * @throws {RangeError} When a number is out of its range.
 * @throws {ClientListRequiredError} When nothing would decide which peers may connect.
 */
export function checkOptions<T extends SocketType>(type: T, options: SocketOptions[T]): CheckedOptions {
  expectOptions(`open a ${type} socket`, options, NAMES.get(type) as OptionNames)
  for (const [name, rule] of Object.entries(OPTIONS[type])) {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined) expectAllowed(`Cannot open a ${type} socket: option ${name}`, rule, value)
  }
  const given = withoutUndefined(options as CommonOptions & ReceiveOptions & { readonly relaxed?: boolean })
  const { receiveTimeout = -1, ...native } = given
  expectOneMechanism(type, native)
  return {
    native: { ...DEFAULTS, ...TYPE_DEFAULTS[type], ...writeBytes(withoutRoles(native)), ...enforced(type, native) },
    receiveTimeoutMs: receiveTimeout,
    relaxed: given.relaxed === true,
  }
}

/** ZeroMQ takes an explicit false for a request to have no security at all, so false is left out. */
function withoutRoles<O extends CommonOptions>(options: O): O {
  const { curveServer, plainServer, ...others } = options
  return { ...others, ...(curveServer === true && { curveServer }), ...(plainServer === true && { plainServer }) } as O
}

/** ZeroMQ uses the mechanism that was set last and would forget the other. */
function expectOneMechanism(
  type: SocketType,
  {
    plainServer,
    plainUsername,
    plainPassword,
    curveServer,
    curvePublicKey,
    curveSecretKey,
    curveServerKey,
  }: CommonOptions,
): void {
  const isPlain = plainServer === true || plainUsername !== undefined || plainPassword !== undefined
  const isCurve =
    curveServer === true || curvePublicKey !== undefined || curveSecretKey !== undefined || curveServerKey !== undefined
  if (isPlain && isCurve)
    throw new TypeError(`Cannot open a ${type} socket: it has options of PLAIN and of CURVE; a socket has one of them`)
  if (plainServer === true && plainUsername !== undefined)
    throw new TypeError(
      `Cannot open a ${type} socket: it is a server of PLAIN and a client of one; leave plainServer or plainUsername out`,
    )
  if ((plainUsername === undefined) !== (plainPassword === undefined))
    throw new TypeError(`Cannot open a ${type} socket: a client of PLAIN has both, plainUsername and plainPassword`)
}

/**
 * Makes sure that every client of a server is authenticated. Without an authenticator ZeroMQ lets every client in. With
 * encryption alone, any client that has the server's public key gets in, and that key is no secret. So Zera enforces a
 * domain and refuses a server without one. To let everyone in, say so to `secureServer`.
 */
function enforced(
  type: SocketType,
  { curveServer, curveSecretKey, plainServer, zapDomain = '', zapEnforceDomain }: CommonOptions,
): { readonly zapEnforceDomain?: true } {
  if (curveServer === true && curveSecretKey === undefined)
    throw new TypeError(
      `Cannot open a ${type} socket: curveServer needs a curveSecretKey, because the default key is public; use the socketOptions of secureServer`,
    )
  if (curveServer === true && zapDomain === '')
    throw new ClientListRequiredError(`open a ${type} socket`, 'it is a CURVE server without a zapDomain')
  if (plainServer === true && zapDomain === '') throw new AuthenticatorRequiredError(`open a ${type} socket`)
  if (zapDomain !== '' && zapEnforceDomain === false)
    throw new ClientListRequiredError(`open a ${type} socket`, 'its zapDomain is not enforced')
  return zapDomain === '' ? {} : { zapEnforceDomain: true }
}
