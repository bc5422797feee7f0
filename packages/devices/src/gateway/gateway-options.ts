import type { CurveServer } from '@zera/core'
import type { Clock } from '../clock.js'
import { expectMoreThanZero } from '../numbers.js'
import type { Rate } from './token-buckets.js'

/** What a call is given beside its arguments. */
export interface GatewayCall {
  /** Aborts at the deadline, and when the gateway stops without finishing. What the call returns after that is dropped. */
  readonly signal: AbortSignal
}

/** Something that may be called from outside, such as an actor. */
export interface GatewayTarget {
  /** The methods that may be called, and no others. */
  readonly methods: readonly string[]
  /** Calls one of them. What it gives has to be JSON; undefined becomes null. What it throws reaches the client as the error `failed` with its message. */
  call(method: string, args: readonly unknown[], call: GatewayCall): unknown
}

/** How a gateway is started. */
export interface GatewayOptions {
  /** Where clients connect to: one endpoint or several. */
  readonly bind: string | readonly string[]
  /** Everything that may be called, by the name that clients use. */
  readonly targets: Readonly<Record<string, GatewayTarget>>
  /** How it encrypts, and whom it lets in. Without it, it binds to loopback, ipc and inproc alone; `'none'` says that other machines may reach it unencrypted. */
  readonly curve?: CurveServer | 'none'
  /** Bytes of a request's JSON. Default 64 KiB. Whoever sends a frame larger than 16 times that, or 1 MiB, is disconnected by ZeroMQ without an answer. */
  readonly maxRequestBytes?: number
  /** Bytes of a reply's JSON. Default 1 MiB. */
  readonly maxReplyBytes?: number
  /** How often each client may ask. Default 1,000 a second, and as many at once. */
  readonly rate?: Rate
  /** Calls that may be under way. Default 1,000; beyond, clients get the error `too-busy`. A call counts until it has settled, also after its deadline. */
  readonly maxInFlight?: number
  /** The same for one client. Default 100. Up to twice as many replies wait in ZeroMQ for one that does not read; further ones are dropped and counted. */
  readonly maxInFlightPerClient?: number
  /** Milliseconds that a call may take. Default 5,000. A client may ask for less with `timeoutMs`. */
  readonly deadlineMs?: number
  /** Gives the start up. */
  readonly signal?: AbortSignal
  /** The time that it goes by. Default: that of this machine. */
  readonly clock?: Clock
}

/** The numbers that a gateway goes by. */
export type GatewayLimits = Required<Pick<GatewayOptions, 'maxRequestBytes' | 'maxReplyBytes' | 'maxInFlight' | 'maxInFlightPerClient' | 'deadlineMs'>> & { readonly rate: Rate }

const DEFAULTS: GatewayLimits = {
  maxRequestBytes: 64 * 1024, maxReplyBytes: 1024 * 1024, maxInFlight: 1000, maxInFlightPerClient: 100, deadlineMs: 5000, rate: { perSecond: 1000, burst: 1000 },
}

/** What may be called: the names are looked up in maps, so that no name of a prototype is found. */
export type CheckedTargets = ReadonlyMap<string, { readonly methods: ReadonlySet<string>; readonly target: GatewayTarget }>

/** Checks the options. @throws {TypeError} When there is no endpoint, or a target is none. @throws {RangeError} When a number is out of its range. */
export function checkGatewayOptions({ bind, targets, ...options }: GatewayOptions): { readonly bind: readonly string[]; readonly targets: CheckedTargets; readonly limits: GatewayLimits } {
  const endpoints = typeof bind === 'string' ? [bind] : bind
  if (endpoints.length === 0) throw new TypeError('Cannot start the gateway: it has no endpoint; name one in bind')
  const checked = new Map<string, { methods: ReadonlySet<string>; target: GatewayTarget }>()
  for (const [name, target] of Object.entries(targets)) {
    if (typeof target?.call !== 'function' || !Array.isArray(target.methods)) throw new TypeError(`Cannot start the gateway: target ${name} must have methods, a list of names, and call, a function`)
    checked.set(name, { methods: new Set(target.methods), target })
  }
  const { maxRequestBytes, maxReplyBytes, maxInFlight, maxInFlightPerClient, deadlineMs, rate } = { ...DEFAULTS, ...options }
  const limits = { maxRequestBytes, maxReplyBytes, maxInFlight, maxInFlightPerClient, deadlineMs }
  expectMoreThanZero('start the gateway', { ...limits, 'rate.perSecond': rate.perSecond, 'rate.burst': rate.burst })
  if (rate.burst < 1) throw new RangeError('Cannot start the gateway: rate.burst must be at least 1, or nobody could ever ask')
  return { bind: endpoints, targets: checked, limits: { ...limits, rate } }
}
