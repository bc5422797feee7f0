import type { ConnectionCounts } from '@zera/core/internal'
import type { BrokerFault } from '../base/errors.js'
import type { Malformation } from './protocol/mdp.js'

/**
 * What became of a broker's messages, in counters that never decrease, and what is there now: plain data.
 *
 * `requests` is always `replies` + `errors` + `waiting` + `inFlight`: no request is lost in silence.
 */
export interface BrokerStatistics extends BrokerStateStatistics {
  /** Connections of clients and workers on the lists, and of others; 0 without CURVE. */
  readonly authenticated: number
  readonly denied: number
  /** What became of all connections, and why which ones were cut off. */
  readonly connections: ConnectionCounts
}

/** The same, without connections. */
export interface BrokerStateStatistics {
  /** Well-formed requests of clients. */
  readonly requests: number
  /** Requests that were answered by a worker, or by the broker itself for `mmi.` services. */
  readonly replies: number
  /** Partial replies that were handed on before the final one. */
  readonly partials: number
  /** Requests that got an error for a reply. */
  readonly errors: number
  /** The same by why; `failed` comes from workers, and counts as a reply. */
  readonly errorsByFault: Readonly<Record<Exclude<BrokerFault, 'failed'>, number>>
  /** Times that a request was given to another worker because its worker was lost. */
  readonly retries: number
  /**
   * Replies and errors whose client had gone, or did not read: they were sent and not delivered. Partial ones count,
   * too.
   */
  readonly undeliverable: number
  /** Replies that came when nobody waited for them: after the request's time, or from a worker that was given up. */
  readonly late: number
  /** Messages that are none of the protocol, by why. Each was dropped; who sent it is no worker any more, if it was one. */
  readonly malformed: Readonly<Record<Malformation, number>>
  /**
   * Requests that came where workers are, and what workers say where clients are, when each has an endpoint of its own.
   * Each was dropped, likewise.
   */
  readonly misplaced: number
  /** Workers that have registered. */
  readonly workersRegistered: number
  /** Workers that are none any more, by why. */
  readonly workersLost: Readonly<Record<WorkerLoss, number>>
  /** Workers that were turned away: there are as many as may be, or the service is one of the broker's own. */
  readonly workersRefused: number
  /** Requests that wait for a worker. */
  readonly waiting: number
  /** Requests that a worker has. */
  readonly inFlight: number
  /** Workers that are there. */
  readonly workers: number
  /** Each service that somebody waits for or does. */
  readonly services: readonly ServiceStatistics[]
}

/** One service, as it is now. */
export interface ServiceStatistics {
  readonly name: string
  readonly waiting: number
  readonly workers: number
  readonly idleWorkers: number
}

/** How a broker lost a worker. */
export type WorkerLoss =
  /** It said so. */
  | 'disconnected'
  /** Nothing was heard of it for too long. */
  | 'silent'
  /** ZeroMQ says that its connection has gone, or that it does not read. */
  | 'unreachable'
  /** It said something that a worker may not say, or not then. */
  | 'misbehaved'
  /** The broker has stopped. */
  | 'stopped'

/** The counters of a broker. */
export function newBrokerCounts() {
  return {
    requests: 0,
    replies: 0,
    partials: 0,
    retries: 0,
    undeliverable: 0,
    late: 0,
    misplaced: 0,
    workersRegistered: 0,
    workersRefused: 0,
    errors: 0,
    errorsByFault: { 'no-worker': 0, expired: 0, 'queue-full': 0, 'worker-lost': 0, 'too-large': 0, stopping: 0 },
    malformed: { 'frame-count': 0, header: 0, command: 0, 'service-name': 0, 'client-address': 0 },
    workersLost: { disconnected: 0, silent: 0, unreachable: 0, misbehaved: 0, stopped: 0 },
  }
}
