import type { ConnectionCounts } from '@zera/core/internal'
import type { BrokerFault } from '../base/errors.js'
import type { Malformation } from './protocol/mdp.js'

/**
 * What became of a broker's messages, in counters that never decrease, and what is there now: plain data.
 *
 * `requests` is always `replies` + `errors` + `waiting` + `inFlight`: no request is lost silently.
 */
export interface BrokerStatistics extends BrokerStateStatistics {
  /** Connections of clients and workers on the lists, and of others; 0 without CURVE. */
  readonly authenticated: number
  readonly denied: number
  /** What became of all connections, and why some were cut off. */
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
  /** The same by reason; `failed` comes from workers, and counts as a reply. */
  readonly errorsByFault: Readonly<Record<Exclude<BrokerFault, 'failed'>, number>>
  /** Times that a request was given to another worker because its worker was lost. */
  readonly retries: number
  /**
   * Replies and errors whose client had gone, or did not read: they were sent and not delivered. Partial ones count,
   * too.
   */
  readonly undeliverable: number
  /** Replies that came too late: after the request's time, or from a worker that the broker had given up. */
  readonly late: number
  /** Messages that break the protocol, by reason. Each was dropped; a worker that sent one is no longer a worker. */
  readonly malformed: Readonly<Record<Malformation, number>>
  /**
   * Requests at the endpoint of workers, and workers' messages at that of clients, when each has its own. Each was
   * dropped, likewise.
   */
  readonly misplaced: number
  /** Workers that have registered. */
  readonly workersRegistered: number
  /** Workers that the broker has lost, by reason. */
  readonly workersLost: Readonly<Record<WorkerLoss, number>>
  /** Workers that were turned away: there were too many, or the service is one of the broker's own. */
  readonly workersRefused: number
  /** Requests that wait for a worker. */
  readonly waiting: number
  /** Requests that a worker has. */
  readonly inFlight: number
  /** Workers that are there. */
  readonly workers: number
  /** Each service with waiting requests or workers. */
  readonly services: readonly ServiceStatistics[]
}

/** One service, as it is now. */
interface ServiceStatistics {
  readonly name: string
  readonly waiting: number
  readonly workers: number
  readonly idleWorkers: number
}

/** How a broker lost a worker. */
export type WorkerLoss =
  /** It said so. */
  | 'disconnected'
  /** It was silent for too long. */
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
