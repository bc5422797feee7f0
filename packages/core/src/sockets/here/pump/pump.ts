import type { SocketType } from '../../../native/socket-type.js'
import type { PumpStatistics } from '../../pump-statistics.js'

/** A socket of a pump. It can be plugged in and out; its messages are the pump's. */
export interface PumpSocket {
  readonly type: SocketType
  /**
   * Binds to an endpoint; a socket may bind to several. Resolves with the actual endpoint, including the port that
   * `tcp://…:*` got.
   *
   * @throws {AddressError}
   * @throws {EndpointError}
   */
  bind(endpoint: string): Promise<string>
  unbind(endpoint: string): Promise<void>
  connect(endpoint: string): Promise<void>
  disconnect(endpoint: string): Promise<void>
  /** For a SUB, which receives nothing without a subscription. */
  subscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
}

/** How long a pump may drain. */
export interface DrainOptions {
  /** Milliseconds until it gives up. Default 5,000; Infinity waits forever, 0 does not wait. */
  readonly timeoutMs?: number | undefined
}

/**
 * Two sockets that are plugged together: the other sends whatever arrives at one, frame by frame and unchanged. None of
 * it reaches the thread that opened the pump. That thread may be busy, and may count, pause and close the pump at any
 * time.
 */
export interface Pump extends AsyncDisposable {
  readonly frontend: PumpSocket
  readonly backend: PumpSocket
  /** Undefined when the pump was opened without one. */
  readonly capture: PumpSocket | undefined
  readonly isClosed: boolean
  /**
   * Resolves once, when it has ended: with undefined when it was closed, with the error when one of its sockets failed.
   * Never rejects.
   */
  readonly ended: Promise<Error | undefined>
  /** Takes nothing more until `resume`. One message in each direction may already be in hand, and is held. */
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Hands on everything that has arrived, waits for the replies that are due if its rule has replies, and then pauses.
   * Resolves with whether it finished within the deadline; peers that keep sending can prevent that.
   */
  drain(options?: DrainOptions): Promise<boolean>
  /**
   * A worker has died, by its routing id, as the rule `'ready-workers'` knows it: the clients whose requests it had not
   * answered get the rule's `lostReply`, and anything that it may still have sent is dropped. Resolves with the number
   * of those clients' requests. ZeroMQ does not report the end of a worker; without this call, the pump finds out at
   * the worker's next turn.
   */
  lose(worker: string): Promise<number>
  /** What it has done until now. */
  statistics(): Promise<PumpStatistics>
  /**
   * Closes its sockets. Messages that wait to be sent have `linger` milliseconds left. Messages that have arrived and
   * were not handed on are lost, so drain it first. Calling it twice is harmless.
   */
  close(): Promise<void>
}
