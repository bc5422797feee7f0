import type { Clock, CurveServer } from '@zera/core'
import {
  FUNCTION,
  NUMBER,
  SIGNAL,
  expectName,
  withoutUndefined,
  type Filled,
  expectOptions,
  optionNames,
} from '@zera/core/internal'
import { checkEndpoints, type Endpoints } from '../base/endpoints.js'
import { expectMoreThanZero } from '../base/numbers.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import type { Rate } from './token-buckets.js'
import { leastUnreadBytes } from './unread-replies.js'

/** What a call gets besides its arguments. */
export interface GatewayCall {
  /**
   * Aborts at the deadline, and when the gateway stops without finishing. The gateway drops what the call returns after
   * that. Listeners of the signal must not throw: Node treats that as an uncaught exception of the process.
   */
  readonly signal: AbortSignal
}

/** Something that clients may call from outside, such as an actor. */
export interface GatewayTarget {
  /** The methods that clients may call, and no others. */
  readonly methods: readonly string[]
  /**
   * Calls one of them. Its result has to be JSON, and no stream; undefined becomes null. The gateway logs what it
   * throws, and the client gets the error `failed` without the text, unless it is a `GatewayError`.
   */
  call(method: string, args: readonly unknown[], call: GatewayCall): unknown
}

/** The options of a gateway. */
export interface GatewayOptions {
  /** Where clients connect to: one endpoint or several. */
  readonly bind: string | readonly string[]
  /** Everything that clients may call, by the name that they use. */
  readonly targets: Readonly<Record<string, GatewayTarget>>
  /**
   * How it encrypts, and which clients it lets in. Without `curve`, it binds only to loopback, ipc and inproc, and
   * serves every client that reaches it there: over tcp every user of this machine, over ipc every user that may open
   * the socket's file. `'none'` allows other machines to reach it unencrypted.
   */
  readonly curve?: CurveServer | 'none' | undefined
  /**
   * Bytes of a request's JSON. Default 64 KiB. ZeroMQ disconnects a client without an answer when it sends a frame of
   * more than twice that, or 64 KiB if that is more.
   */
  readonly maxRequestBytes?: number | undefined
  /** Bytes of a reply's JSON. Default 1 MiB. */
  readonly maxReplyBytes?: number | undefined
  /**
   * How often each client may ask; unreadable requests count too. Default 1,000 a second, and as many at once. Above
   * the rate, a client gets about 16 refusals, then one a second, and otherwise no answer.
   */
  readonly rate?: Rate | undefined
  /**
   * Calls in flight at a time. Default 1,000; beyond that, clients get the error `too-busy`. A call counts until it has
   * settled, even after its deadline.
   */
  readonly maxInFlight?: number | undefined
  /**
   * The same for one client. Default 100. For a client that does not read, up to twice as many replies wait, for 30
   * seconds; the gateway drops and counts further ones.
   */
  readonly maxInFlightPerClient?: number | undefined
  /**
   * Bytes that the calls in flight may hold: requests, return addresses, and parsed arguments, which take up to 40
   * times the bytes of their JSON. Default 64 MiB; beyond that, clients get `too-busy`.
   */
  readonly maxHeldBytes?: number | undefined
  /** The same for one client. Default 8 MiB. */
  readonly maxHeldBytesPerClient?: number | undefined
  /**
   * Bytes of replies that clients may not have read: the waiting ones, and the last eight of each client within 30
   * seconds, since ZeroMQ does not show whether the client has read them. Default 128 MiB, or 32 times `maxReplyBytes`
   * if that is more; the minimum is 9 times. One client may use an eighth of it, or 9 times `maxReplyBytes` if that is
   * more. Beyond that, values of more than 4 KiB become the error `too-busy`.
   */
  readonly maxUnreadBytes?: number | undefined
  /** Milliseconds that a call may take. Default 5,000. A client may ask for less with `timeoutMs`. */
  readonly requestTimeoutMs?: number | undefined
  /** Called for each failed call whose reason the client does not see. Default: a line on stderr, at most 20 in 20 s. */
  readonly onFailure?: ((failure: GatewayFailure) => void) | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
  /** The clock that it uses. Default: that of this machine. */
  readonly clock?: Clock | undefined
}

/** The limits of a gateway. */
export type GatewayLimits = Filled<
  Pick<
    GatewayOptions,
    | 'maxRequestBytes'
    | 'maxReplyBytes'
    | 'maxInFlight'
    | 'maxInFlightPerClient'
    | 'maxHeldBytes'
    | 'maxHeldBytesPerClient'
    | 'maxUnreadBytes'
    | 'requestTimeoutMs'
  >
> & { readonly rate: Rate }

const GATEWAY_OPTIONS = optionNames<GatewayOptions>({
  bind: true,
  targets: true,
  curve: true,
  maxRequestBytes: true,
  maxReplyBytes: true,
  rate: true,
  maxInFlight: true,
  maxInFlightPerClient: true,
  maxHeldBytes: true,
  maxHeldBytesPerClient: true,
  maxUnreadBytes: true,
  requestTimeoutMs: NUMBER,
  onFailure: FUNCTION,
  signal: SIGNAL,
  clock: true,
})
const RATE = optionNames<Rate>({ perSecond: true, burst: true })
const TARGET = optionNames<GatewayTarget>({ methods: true, call: true })
const KIB = 1024
const MIN_UNREAD_BYTES = 128 * 1024 * KIB
const DEFAULTS: Omit<GatewayLimits, 'maxUnreadBytes'> = {
  maxRequestBytes: 64 * KIB,
  maxReplyBytes: 1024 * KIB,
  maxInFlight: 1000,
  maxInFlightPerClient: 100,
  maxHeldBytes: 64 * 1024 * KIB,
  maxHeldBytesPerClient: 8 * 1024 * KIB,
  requestTimeoutMs: 5000,
  rate: { perSecond: 1000, burst: 1000 },
}

/** What clients may call. Names are looked up in maps, so that no name of a prototype is found. */
export type CheckedTargets = ReadonlyMap<
  string,
  { readonly methods: ReadonlySet<string>; readonly target: GatewayTarget }
>

/**
 * Checks the options.
 *
 * @throws {TypeError} When there is no endpoint, or a target is none.
 * @throws {RangeError} When a
 * number is out of its range.
 */
export function checkGatewayOptions(given: GatewayOptions): {
  readonly bind: Endpoints
  readonly targets: CheckedTargets
  readonly limits: GatewayLimits
} {
  expectOptions('start the gateway', given, GATEWAY_OPTIONS)
  const { bind, targets, ...options } = given
  const endpoints = checkEndpoints('start the gateway', 'bind', bind)
  const checked = new Map<string, { methods: ReadonlySet<string>; target: GatewayTarget }>()
  for (const [name, target] of Object.entries(targets)) {
    if (typeof target?.call !== 'function' || !Array.isArray(target.methods)) {
      // A target may have more, which clients cannot call; where something is missing, it may have the wrong name.
      expectOptions(`start the gateway: target ${name}`, target, TARGET)
      throw new TypeError(
        `Cannot start the gateway: target ${name} must have methods, a list of names, and call, a function`,
      )
    }
    expectName('start the gateway', 'the name of a target', name)
    const methods = new Set<unknown>(target.methods)
    for (const method of methods) expectName('start the gateway', `a method of target ${name}`, method)
    checked.set(name, { methods: methods as Set<string>, target })
  }
  const {
    maxRequestBytes,
    maxReplyBytes,
    maxInFlight,
    maxInFlightPerClient,
    maxHeldBytes,
    maxHeldBytesPerClient,
    requestTimeoutMs,
    rate,
  } = { ...DEFAULTS, ...withoutUndefined(options) }
  const { maxUnreadBytes = Math.max(MIN_UNREAD_BYTES, 32 * maxReplyBytes) } = options
  const limits = {
    maxRequestBytes,
    maxReplyBytes,
    maxInFlight,
    maxInFlightPerClient,
    maxHeldBytes,
    maxHeldBytesPerClient,
    maxUnreadBytes,
    requestTimeoutMs,
  }
  expectOptions('start the gateway: rate', rate, RATE)
  expectMoreThanZero('start the gateway', { ...limits, 'rate.perSecond': rate.perSecond, 'rate.burst': rate.burst })
  if (maxUnreadBytes < leastUnreadBytes(maxReplyBytes)) {
    throw new RangeError(
      `Cannot start the gateway: maxUnreadBytes must be at least ${leastUnreadBytes(maxReplyBytes)}, not ${maxUnreadBytes}, or clients that read would be refused; lower maxReplyBytes`,
    )
  }
  if (rate.burst < 1)
    throw new RangeError('Cannot start the gateway: rate.burst must be at least 1, or no client could ever ask')
  return { bind: endpoints, targets: checked, limits: { ...limits, rate } }
}
