import type { CurveServer } from '@zera/core'
import type { Clock } from '../clock.js'
import { expectMoreThanZero } from '../numbers.js'
import type { BrokerLimits } from './broker-state.js'

/** How a broker is started. */
export interface BrokerOptions {
  /** Where clients and workers connect to: one endpoint or several; both may use each. */
  readonly bind: string | readonly string[]
  /** How it encrypts, and which clients and workers it lets in. Default: it does not encrypt, and lets everybody in who can reach it. */
  readonly curve?: CurveServer
  /** Milliseconds between two heartbeats, the same as its workers have. Default 2,500. */
  readonly heartbeatMs?: number
  /** Heartbeats that a worker may miss until it is given up. Default 3. */
  readonly liveness?: number
  /**
   * Milliseconds without a word after which a worker that has a request is given up. Default: as idle ones, `heartbeatMs` × `liveness`. Give more, or Infinity, for workers that
   * send no heartbeats while they work, as most that have one thread do; ZeroMQ still tells when their connection has gone.
   */
  readonly busySilenceMs?: number
  /** Milliseconds in which a request gets its reply or an error. Default 60,000; Infinity leaves it to its worker. */
  readonly requestMs?: number
  /** Workers that get a request, one after the other, when they are lost. Default 3. */
  readonly maxAttempts?: number
  /** Requests that wait for one service; the next gets the error `queue-full`. Default 1,000. */
  readonly maxQueued?: number
  /** Bytes of all requests that are not answered; beyond, requests get the error `queue-full`. Default 256 MiB. */
  readonly maxHeldBytes?: number
  /** Names of services that are known at a time, since anybody may ask for any name. Default 1,000. */
  readonly maxServices?: number
  /** Workers that are registered at a time; more are turned away. Default 10,000. */
  readonly maxWorkers?: number
  /** Bytes of a request's or a reply's body. Default 1 MiB. Up to `maxQueued` replies wait in ZeroMQ for a client that does not read. Whoever sends a single frame larger than that is disconnected by ZeroMQ. */
  readonly maxMessageBytes?: number
  /** Gives the start up. */
  readonly signal?: AbortSignal
  /** The time that it goes by. Default: that of this machine. */
  readonly clock?: Clock
}

const DEFAULTS = { heartbeatMs: 2500, liveness: 3, requestMs: 60_000, maxAttempts: 3, maxQueued: 1000, maxHeldBytes: 256 * 1024 * 1024, maxServices: 1000, maxWorkers: 10_000, maxMessageBytes: 1024 * 1024 }

/** The options of a broker, checked. */
export interface CheckedBrokerOptions extends Pick<BrokerOptions, 'clock' | 'curve' | 'signal'> {
  readonly bind: readonly string[]
  readonly limits: BrokerLimits
}

/** Checks the options and fills in the defaults. @throws {TypeError} When there is no endpoint. @throws {RangeError} When a number is out of its range. @throws The signal's reason. */
export function checkBrokerOptions({ bind, clock, curve, signal, ...numbers }: BrokerOptions): CheckedBrokerOptions {
  const endpoints = typeof bind === 'string' ? [bind] : bind
  if (endpoints.length === 0) throw new TypeError('Cannot start the broker: it has no endpoint; name one in bind')
  signal?.throwIfAborted()
  const given = { ...DEFAULTS, ...numbers }
  const silenceMs = given.heartbeatMs * given.liveness
  const { liveness: _, ...limits } = { ...given, silenceMs, busySilenceMs: given.busySilenceMs ?? silenceMs }
  expectMoreThanZero('start the broker', { liveness: given.liveness, ...limits })
  return { bind: endpoints, limits, ...(clock && { clock }), ...(curve && { curve }), ...(signal && { signal }) }
}
