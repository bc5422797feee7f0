import type { Clock, CurveClient, Frame, Frames } from '@zera/core'
import { type Filled } from '@zera/core/internal'
import type { MdpVersion } from '../protocol/mdp.js'
import type { WorkerFailure } from './worker-failure.js'

/** What a worker's handler gets besides the request. */
interface WorkerCall {
  /**
   * Aborts when the reply is no longer wanted: the broker has given this worker up, or the worker is being stopped and
   * its deadline is over.
   */
  readonly signal: AbortSignal
}

/** The frames of one reply; one frame may stand alone. */
type WorkerReply = Frame | readonly Frame[]

/**
 * Handles a request, given its frames. An async generator streams: each yielded value goes out as a partial reply, the
 * returned value as the final one. What the handler throws goes to `onFailure`. The client gets the error `failed`
 * without the text, unless the error has `expose: true`, as in http-errors. Whatever the handler throws or returns
 * affects that request alone.
 */
export type WorkerHandler = (
  body: Frames,
  call: WorkerCall,
) => WorkerReply | Promise<WorkerReply> | AsyncGenerator<WorkerReply, WorkerReply | void, void>

/** The options of a worker. */
export interface BrokerWorkerOptions {
  /** Where the broker is bound. */
  readonly broker: string
  /** The name of the service that it offers: 1 to 255 bytes, printable. */
  readonly service: string
  readonly handle: WorkerHandler
  /** The keys by which a broker that encrypts knows it. */
  readonly curve?: CurveClient | undefined
  /**
   * The protocol version that it speaks. Default `0.2`; other brokers may only know `0.1`, which has no partial
   * replies.
   */
  readonly version?: MdpVersion | undefined
  /** Milliseconds between two heartbeats, the same as at its broker. Default 2,500. */
  readonly heartbeatMs?: number | undefined
  /** How many heartbeats of the broker may be missing before the worker reconnects. Default 3. */
  readonly liveness?: number | undefined
  /** Milliseconds until it reconnects. Default 500. */
  readonly reconnectMs?: number | undefined
  /**
   * Bytes of a reply, or of a part of it, the same as at its broker. Default 1 MiB; beyond that, the client gets the
   * error `too-large`. ZeroMQ disconnects a broker that sends a frame of more than 16 times that.
   */
  readonly maxMessageBytes?: number | undefined
  /** Called for each failed request whose reason the client does not see. Default: a line of the log. */
  readonly onFailure?: ((failure: WorkerFailure) => void) | undefined
  /** Gets a line for each problem with its broker. Default: stderr, at most 20 lines in 20 s. */
  readonly log?: ((line: string) => void) | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
  /** The clock that it uses. Default: that of this machine. */
  readonly clock?: Clock | undefined
}

/** The settings of a worker. */
export interface WorkerSettings
  extends
    Filled<Omit<BrokerWorkerOptions, 'curve' | 'liveness' | 'log' | 'onFailure' | 'signal'>>,
    Pick<BrokerWorkerOptions, 'curve' | 'log' | 'onFailure'> {
  readonly silenceMs: number
}
