import type { Clock, CurveServer } from '@zera/core'
import { FUNCTION, NUMBER, SIGNAL, withoutUndefined, expectOptions, optionNames } from '@zera/core/internal'
import { checkEndpoints, type Endpoints } from '../base/endpoints.js'
import { BrokerRolesError } from '../base/errors.js'
import { expectMoreThanZero } from '../base/numbers.js'
import type { BrokerLimits } from './broker-state.js'

/**
 * How a broker encrypts, and which peers it lets in. A client is not a worker, and a worker not a client, unless its
 * key is on both lists.
 */
export interface BrokerCurve extends CurveServer {
  /** The public keys of the workers that may connect, to `bindWorkers`. Each may do every service. */
  readonly workers: readonly string[]
}

/** The options of a broker. */
export interface BrokerOptions {
  /** Where clients connect to, and workers too when there is no `bindWorkers`: one endpoint or several. */
  readonly bind: string | readonly string[]
  /**
   * Where only workers connect to: one endpoint or several. A peer that reaches only `bind` can then not be a worker.
   * Keys require it, since ZeroMQ does not tell which key a message came from.
   */
  readonly bindWorkers?: string | readonly string[] | undefined
  /**
   * How it encrypts, and which clients and workers it lets in. Without `curve`, it binds only to loopback, ipc and
   * inproc; `'none'` allows other machines to reach it unencrypted.
   */
  readonly curve?: BrokerCurve | 'none' | undefined
  /** Milliseconds between two heartbeats, the same as at its workers. Default 2,500. */
  readonly heartbeatMs?: number | undefined
  /** Heartbeats that a worker may miss until it is given up. Default 3. */
  readonly liveness?: number | undefined
  /**
   * Milliseconds of silence after which the broker gives up a worker that has a request. Default: as for idle ones,
   * `heartbeatMs` × `liveness`. Give more, or Infinity, for workers that send no heartbeats while they work, such as
   * most workers with one thread; ZeroMQ still reports when their connection has gone.
   */
  readonly busySilenceMs?: number | undefined
  /** Milliseconds in which a request gets its reply or an error. Default 60,000; Infinity leaves it to its worker. */
  readonly requestTimeoutMs?: number | undefined
  /** How many workers get a request, one after the other, when each is lost. Default 3. */
  readonly maxAttempts?: number | undefined
  /**
   * Requests that wait for one service; the next gets the error `queue-full`. Default Infinity: `maxHeldBytes` limits
   * what waits, since clients of the guide send as fast as they can. A client, which is a connection, gets no more
   * places than it leaves to others: a single one gets half.
   */
  readonly maxQueued?: number | undefined
  /**
   * Bytes of all unanswered requests, with what their frames cost in memory; beyond that, requests get the error
   * `queue-full`. Default 256 MiB: a single client gets half, which is about 90,000 small requests. As many bytes of
   * replies may wait for clients that do not read, for the time of a silence; beyond that, the broker drops and counts
   * replies. Clients share both limits as they share `maxQueued`.
   */
  readonly maxHeldBytes?: number | undefined
  /**
   * Names of services that workers offer at a time, and as many again that clients only ask for, shared among clients
   * as `maxQueued` is. Default 1,000.
   */
  readonly maxServices?: number | undefined
  /** Workers that are registered at a time; the broker turns more away. Default 10,000. */
  readonly maxWorkers?: number | undefined
  /**
   * Bytes of a request's or a reply's body. Default 1 MiB. Up to four replies wait in ZeroMQ for each connection that
   * does not read. ZeroMQ disconnects a peer that sends a single frame larger than that.
   */
  readonly maxMessageBytes?: number | undefined
  /** Gets a line for each peer that does not keep to the protocol. Default: stderr, at most 20 lines in 20 s. */
  readonly log?: ((line: string) => void) | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
  /** The clock that it uses. Default: that of this machine. */
  readonly clock?: Clock | undefined
}

const BROKER_OPTIONS = optionNames<BrokerOptions>({
  bind: true,
  bindWorkers: true,
  curve: true,
  heartbeatMs: NUMBER,
  liveness: true,
  busySilenceMs: NUMBER,
  requestTimeoutMs: NUMBER,
  maxAttempts: true,
  maxQueued: true,
  maxHeldBytes: true,
  maxServices: true,
  maxWorkers: true,
  maxMessageBytes: true,
  log: FUNCTION,
  signal: SIGNAL,
  clock: true,
})
const CURVE = optionNames<BrokerCurve>({ keys: true, clients: true, authentication: true, workers: true })
const ACTION = 'start the broker'
const DEFAULTS = {
  heartbeatMs: 2500,
  liveness: 3,
  requestTimeoutMs: 60_000,
  maxAttempts: 3,
  maxQueued: Infinity,
  maxHeldBytes: 256 * 1024 * 1024,
  maxServices: 1000,
  maxWorkers: 10_000,
  maxMessageBytes: 1024 * 1024,
}

/** The options of a broker, checked. */
export interface CheckedBrokerOptions extends Pick<BrokerOptions, 'clock' | 'curve' | 'log' | 'signal'> {
  readonly bind: Endpoints
  /** Undefined when workers come to the same endpoints as clients. */
  readonly bindWorkers?: Endpoints
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
export function checkBrokerOptions(options: BrokerOptions): CheckedBrokerOptions {
  expectOptions(ACTION, options, BROKER_OPTIONS)
  const { bind, bindWorkers, clock, curve, log, signal, ...numbers } = options
  const endpoints = checkEndpoints(ACTION, 'bind', bind)
  const workerEndpoints = bindWorkers === undefined ? undefined : checkEndpoints(ACTION, 'bindWorkers', bindWorkers)
  if (curve !== undefined && curve !== 'none') {
    expectOptions(`${ACTION}: curve`, curve, CURVE)
    expectRoles(curve, workerEndpoints)
  }
  signal?.throwIfAborted()
  const given = { ...DEFAULTS, ...withoutUndefined(numbers) }
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

/** Lists must tell clients from workers. */
function expectRoles({ workers }: Partial<BrokerCurve>, workerEndpoints: Endpoints | undefined): void {
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
