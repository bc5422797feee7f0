import type { Clock, CurveServer } from '@zera/core'
import { BrokerRolesError } from '../base/errors.js'
import { expectMoreThanZero } from '../base/numbers.js'
import type { BrokerLimits } from './broker-state.js'

/**
 * How a broker encrypts, and whom it lets in: a client is no worker, and a worker no client, unless its key is on both
 * lists.
 */
export interface BrokerCurve extends CurveServer {
  /** The public keys of the workers that may connect, to `bindWorkers`. Each may do every service. */
  readonly workers: readonly string[]
}

/** How a broker is started. */
export interface BrokerOptions {
  /** Where clients connect to, and workers too when there is no `bindWorkers`: one endpoint or several. */
  readonly bind: string | readonly string[]
  /**
   * Where workers connect to, and nobody else: one endpoint or several. Then whoever reaches `bind` alone can be no
   * worker. With keys there has to be one, since ZeroMQ does not tell which key a message came from.
   */
  readonly bindWorkers?: string | readonly string[]
  /**
   * How it encrypts, and which clients and workers it lets in. Without it, it binds to loopback, ipc and inproc alone;
   * `'none'` says that other machines may reach it unencrypted.
   */
  readonly curve?: BrokerCurve | 'none'
  /** Milliseconds between two heartbeats, the same as its workers have. Default 2,500. */
  readonly heartbeatMs?: number
  /** Heartbeats that a worker may miss until it is given up. Default 3. */
  readonly liveness?: number
  /**
   * Milliseconds without a word after which a worker that has a request is given up. Default: as idle ones,
   * `heartbeatMs` × `liveness`. Give more, or Infinity, for workers that send no heartbeats while they work, as most
   * that have one thread do; ZeroMQ still tells when their connection has gone.
   */
  readonly busySilenceMs?: number
  /** Milliseconds in which a request gets its reply or an error. Default 60,000; Infinity leaves it to its worker. */
  readonly requestMs?: number
  /** Workers that get a request, one after the other, when they are lost. Default 3. */
  readonly maxAttempts?: number
  /**
   * Requests that wait for one service; the next gets the error `queue-full`. Default Infinity: what waits is limited
   * by `maxHeldBytes`, since clients of the guide send as fast as they can. A client, which is a connection, gets no
   * more of them than it leaves to others: one alone gets half.
   */
  readonly maxQueued?: number
  /**
   * Bytes of all requests that are not answered, with what their frames cost in memory; beyond, requests get the error
   * `queue-full`. Default 256 MiB: one client alone gets half, which is about 90,000 small requests. As many may wait
   * for clients that do not read, for the time of a silence; beyond, replies are dropped and counted. Both are shared
   * among clients as `maxQueued` is.
   */
  readonly maxHeldBytes?: number
  /**
   * Names of services that workers do at a time, and as many that are only asked for, shared among clients as
   * `maxQueued` is. Default 1,000.
   */
  readonly maxServices?: number
  /** Workers that are registered at a time; more are turned away. Default 10,000. */
  readonly maxWorkers?: number
  /**
   * Bytes of a request's or a reply's body. Default 1 MiB. Up to four replies wait in ZeroMQ for each connection that
   * does not read. Whoever sends a single frame larger than that is disconnected by ZeroMQ.
   */
  readonly maxMessageBytes?: number
  /** Told, a line each, of peers that do not keep to the protocol. Default: stderr, at most 20 lines in 20 s. */
  readonly log?: (line: string) => void
  /** Gives the start up. */
  readonly signal?: AbortSignal
  /** The time that it goes by. Default: that of this machine. */
  readonly clock?: Clock
}

const DEFAULTS = {
  heartbeatMs: 2500,
  liveness: 3,
  requestMs: 60_000,
  maxAttempts: 3,
  maxQueued: Infinity,
  maxHeldBytes: 256 * 1024 * 1024,
  maxServices: 1000,
  maxWorkers: 10_000,
  maxMessageBytes: 1024 * 1024,
}

/** The options of a broker, checked. */
export interface CheckedBrokerOptions extends Pick<BrokerOptions, 'clock' | 'curve' | 'log' | 'signal'> {
  readonly bind: readonly string[]
  /** Undefined when workers come to the same endpoints as clients. */
  readonly bindWorkers?: readonly string[]
  readonly limits: BrokerLimits
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError} When there is no endpoint.
 * @throws {BrokerRolesError}
 * @throws {RangeError} When a number is out of its range.
 * @throws The signal's reason.
 */
export function checkBrokerOptions({
  bind,
  bindWorkers,
  clock,
  curve,
  log,
  signal,
  ...numbers
}: BrokerOptions): CheckedBrokerOptions {
  const endpoints = endpointsOf('bind', bind)
  const workerEndpoints = bindWorkers === undefined ? undefined : endpointsOf('bindWorkers', bindWorkers)
  if (curve !== undefined && curve !== 'none') expectRoles(curve, workerEndpoints)
  if (log !== undefined && typeof log !== 'function')
    throw new TypeError('Cannot start the broker: log must be a function')
  signal?.throwIfAborted()
  const given = { ...DEFAULTS, ...numbers }
  const silenceMs = given.heartbeatMs * given.liveness
  const { liveness: _, ...limits } = { ...given, silenceMs, busySilenceMs: given.busySilenceMs ?? silenceMs }
  expectMoreThanZero('start the broker', { liveness: given.liveness, ...limits })
  return {
    bind: endpoints,
    limits,
    ...(log && { log }),
    ...(workerEndpoints && { bindWorkers: workerEndpoints }),
    ...(clock && { clock }),
    ...(curve && { curve }),
    ...(signal && { signal }),
  }
}

function endpointsOf(name: string, given: string | readonly string[]): readonly string[] {
  const endpoints = typeof given === 'string' ? [given] : given
  if (endpoints.length === 0) throw new TypeError(`Cannot start the broker: it has no endpoint; name one in ${name}`)
  return endpoints
}

/** Lists have to say who is what. */
function expectRoles({ workers }: Partial<BrokerCurve>, workerEndpoints: readonly string[] | undefined): void {
  if (workerEndpoints === undefined)
    throw new BrokerRolesError(
      'start the broker',
      'each client on its list could be a worker, and answer others, at an endpoint that both use; name one for workers in bindWorkers, and their keys in curve.workers',
    )
  if (!Array.isArray(workers))
    throw new BrokerRolesError(
      'start the broker',
      "curve.workers must be a list of the workers' public keys: clients know the server's key, so any of them could be a worker else",
    )
}
