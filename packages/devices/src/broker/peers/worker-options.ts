import type { Clock, CurveClient, Frame, Frames } from '@zera/core'
import type { MdpVersion } from '../protocol/mdp.js'
import type { WorkerFailure } from './worker-failure.js'

/** What a worker's handler is given beside the request. */
export interface WorkerCall {
  /**
   * Aborts when nobody waits for the reply any more: the broker has given this worker up, or the worker is stopped and
   * its deadline is over.
   */
  readonly signal: AbortSignal
}

/** The frames of one reply; one frame may stand alone. */
export type WorkerReply = Frame | readonly Frame[]

/**
 * Handles a request, given its frames. An async generator streams: what it yields goes out as partial replies, what it
 * returns as the final one. What is thrown goes to `onFailure`, and reaches the client as the error `failed` without
 * its text, unless it is an error with `expose: true`, as in http-errors. Whatever it throws or gives ends that request
 * alone.
 */
export type WorkerHandler = (
  body: Frames,
  call: WorkerCall,
) => WorkerReply | Promise<WorkerReply> | AsyncGenerator<WorkerReply, WorkerReply | void, void>

/** How a worker is started. */
export interface BrokerWorkerOptions {
  /** Where the broker is bound. */
  readonly broker: string
  /** The name of the service that it does: 1 to 255 bytes, printable. */
  readonly service: string
  readonly handle: WorkerHandler
  /** The keys by which a broker that encrypts knows it. */
  readonly curve?: CurveClient
  /** The protocol that it speaks. Default `0.2`; brokers of others may know `0.1` alone, which has no partial replies. */
  readonly version?: MdpVersion
  /** Milliseconds between two heartbeats, the same as its broker has. Default 2,500. */
  readonly heartbeatMs?: number
  /** Heartbeats of the broker that may be missing until the worker connects anew. Default 3. */
  readonly liveness?: number
  /** Milliseconds until it connects anew. Default 500. */
  readonly reconnectMs?: number
  /**
   * Bytes of a reply, or of a part of it, as its broker has. Default 1 MiB; beyond, the client gets the error
   * `too-large`. A broker that sends a frame of more than 16 times that is disconnected.
   */
  readonly maxMessageBytes?: number
  /** Told of each request that failed for a reason which its client is not told. Default: a line of the log. */
  readonly onFailure?: (failure: WorkerFailure) => void
  /** Told, a line each, what goes wrong with its broker. Default: stderr, at most 20 lines in 20 s. */
  readonly log?: (line: string) => void
  /** The time that it goes by. Default: that of this machine. */
  readonly clock?: Clock
}

/** What a worker goes by. */
export interface WorkerSettings
  extends
    Required<Omit<BrokerWorkerOptions, 'curve' | 'liveness' | 'log' | 'onFailure'>>,
    Pick<BrokerWorkerOptions, 'curve' | 'log' | 'onFailure'> {
  readonly silenceMs: number
}
