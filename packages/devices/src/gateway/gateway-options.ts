import type { Clock, CurveServer } from '@zera/core'
import { expectName } from '@zera/core/internal'
import { expectMoreThanZero } from '../base/numbers.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import type { Rate } from './token-buckets.js'
import { leastUnreadBytes } from './unread-replies.js'

/** What a call is given beside its arguments. */
export interface GatewayCall {
  /**
   * Aborts at the deadline, and when the gateway stops without finishing. What the call returns after that is dropped.
   * A listener of it must not throw: Node takes that for an uncaught exception of the process.
   */
  readonly signal: AbortSignal
}

/** Something that may be called from outside, such as an actor. */
export interface GatewayTarget {
  /** The methods that may be called, and no others. */
  readonly methods: readonly string[]
  /**
   * Calls one of them. What it gives has to be JSON; undefined becomes null. What it throws is logged, and reaches the
   * client as the error `failed` without its text, unless it is a `GatewayError`.
   */
  call(method: string, args: readonly unknown[], call: GatewayCall): unknown
}

/** How a gateway is started. */
export interface GatewayOptions {
  /** Where clients connect to: one endpoint or several. */
  readonly bind: string | readonly string[]
  /** Everything that may be called, by the name that clients use. */
  readonly targets: Readonly<Record<string, GatewayTarget>>
  /**
   * How it encrypts, and whom it lets in. Without it, it binds to loopback, ipc and inproc alone, and calls for whoever
   * reaches it there: over tcp every user of this machine, over ipc those who may open the socket's file. `'none'` says
   * that other machines may reach it unencrypted.
   */
  readonly curve?: CurveServer | 'none'
  /**
   * Bytes of a request's JSON. Default 64 KiB. Whoever sends a frame of more than twice that, or 64 KiB if that is
   * more, is disconnected without an answer.
   */
  readonly maxRequestBytes?: number
  /** Bytes of a reply's JSON. Default 1 MiB. */
  readonly maxReplyBytes?: number
  /**
   * How often each client may ask, also what cannot be read. Default 1,000 a second, and as many at once. Above it, it
   * gets some 16 refusals, and one a second, and then no answer.
   */
  readonly rate?: Rate
  /**
   * Calls that may be under way. Default 1,000; beyond, clients get the error `too-busy`. A call counts until it has
   * settled, also after its deadline.
   */
  readonly maxInFlight?: number
  /**
   * The same for one client. Default 100. Up to twice as many replies wait for one that does not read, for 30 seconds;
   * further ones are dropped and counted.
   */
  readonly maxInFlightPerClient?: number
  /**
   * Bytes that the calls under way may hold: requests, ways back, arguments as they were parsed, which are up to 40
   * times the bytes of their JSON. Default 64 MiB; beyond, clients get `too-busy`.
   */
  readonly maxHeldBytes?: number
  /** The same for one client. Default 8 MiB. */
  readonly maxHeldBytesPerClient?: number
  /**
   * Bytes of replies that clients may not have read: those that wait, and the last eight of each client within 30
   * seconds, since nobody can know. Default 128 MiB, and 32 times `maxReplyBytes` if that is more; 9 times at least.
   * One client has an eighth of it, or that. Beyond, values of more than 4 KiB become the error `too-busy`.
   */
  readonly maxUnreadBytes?: number
  /** Milliseconds that a call may take. Default 5,000. A client may ask for less with `timeoutMs`. */
  readonly deadlineMs?: number
  /**
   * Told of each call that failed for a reason which its client is not told. Default: a line on stderr, at most 20 in
   * 20 s.
   */
  readonly onFailure?: (failure: GatewayFailure) => void
  /** Gives the start up. */
  readonly signal?: AbortSignal
  /** The time that it goes by. Default: that of this machine. */
  readonly clock?: Clock
}

/** The numbers that a gateway goes by. */
export type GatewayLimits = Required<
  Pick<
    GatewayOptions,
    | 'maxRequestBytes'
    | 'maxReplyBytes'
    | 'maxInFlight'
    | 'maxInFlightPerClient'
    | 'maxHeldBytes'
    | 'maxHeldBytesPerClient'
    | 'maxUnreadBytes'
    | 'deadlineMs'
  >
> & { readonly rate: Rate }

const KIB = 1024
const MIN_UNREAD_BYTES = 128 * 1024 * KIB
const DEFAULTS: Omit<GatewayLimits, 'maxUnreadBytes'> = {
  maxRequestBytes: 64 * KIB,
  maxReplyBytes: 1024 * KIB,
  maxInFlight: 1000,
  maxInFlightPerClient: 100,
  maxHeldBytes: 64 * 1024 * KIB,
  maxHeldBytesPerClient: 8 * 1024 * KIB,
  deadlineMs: 5000,
  rate: { perSecond: 1000, burst: 1000 },
}

/** What may be called: the names are looked up in maps, so that no name of a prototype is found. */
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
export function checkGatewayOptions({ bind, targets, ...options }: GatewayOptions): {
  readonly bind: readonly string[]
  readonly targets: CheckedTargets
  readonly limits: GatewayLimits
} {
  const endpoints = typeof bind === 'string' ? [bind] : bind
  if (options.onFailure !== undefined && typeof options.onFailure !== 'function')
    throw new TypeError('Cannot start the gateway: onFailure must be a function')
  if (endpoints.length === 0) throw new TypeError('Cannot start the gateway: it has no endpoint; name one in bind')
  const checked = new Map<string, { methods: ReadonlySet<string>; target: GatewayTarget }>()
  for (const [name, target] of Object.entries(targets)) {
    if (typeof target?.call !== 'function' || !Array.isArray(target.methods))
      throw new TypeError(
        `Cannot start the gateway: target ${name} must have methods, a list of names, and call, a function`,
      )
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
    deadlineMs,
    rate,
  } = { ...DEFAULTS, ...options }
  const { maxUnreadBytes = Math.max(MIN_UNREAD_BYTES, 32 * maxReplyBytes) } = options
  const limits = {
    maxRequestBytes,
    maxReplyBytes,
    maxInFlight,
    maxInFlightPerClient,
    maxHeldBytes,
    maxHeldBytesPerClient,
    maxUnreadBytes,
    deadlineMs,
  }
  expectMoreThanZero('start the gateway', { ...limits, 'rate.perSecond': rate.perSecond, 'rate.burst': rate.burst })
  if (maxUnreadBytes < leastUnreadBytes(maxReplyBytes)) {
    throw new RangeError(
      `Cannot start the gateway: maxUnreadBytes must be at least ${leastUnreadBytes(maxReplyBytes)}, not ${maxUnreadBytes}, or clients that read would be refused; lower maxReplyBytes`,
    )
  }
  if (rate.burst < 1)
    throw new RangeError('Cannot start the gateway: rate.burst must be at least 1, or nobody could ever ask')
  return { bind: endpoints, targets: checked, limits: { ...limits, rate } }
}
