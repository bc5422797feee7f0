import type { SocketType } from '../../../native/socket-type.js'
import type { PumpStatistics } from './pump-statistics.js'

/** A socket of a pump. It can be plugged in and out; its messages are the pump's. */
export interface PumpSocket {
  readonly type: SocketType
  /**
   * Binds to an endpoint, one of several if need be. Resolves with the endpoint as it is, with the port that
   * `tcp://…:*` got.
   *
   * @throws {AddressError}
   * @throws {EndpointError}
   */
  bind(endpoint: string): Promise<string>
  unbind(endpoint: string): Promise<void>
  connect(endpoint: string): Promise<void>
  disconnect(endpoint: string): Promise<void>
  /** For a SUB, which receives nothing without. */
  subscribe(...prefixes: (string | Uint8Array)[]): Promise<void>
}

/** How long a pump may drain. */
export interface DrainOptions {
  /** Milliseconds until it gives up. Default 5,000; Infinity waits for ever, 0 does not wait. */
  readonly deadlineMs?: number
}

/**
 * Two sockets that are plugged together: whatever arrives at one is sent by the other, frame by frame as it is. None of
 * it comes to the thread that has opened the pump, which may be busy, and may count, pause and close it at any time.
 */
export interface Pump extends AsyncDisposable {
  readonly frontend: PumpSocket
  readonly backend: PumpSocket
  /** Undefined when it was opened without. */
  readonly capture: PumpSocket | undefined
  readonly isClosed: boolean
  /**
   * Resolves once, when it has ended: with undefined when it was closed, with the error when a socket of it failed.
   * Never rejects.
   */
  readonly ended: Promise<Error | undefined>
  /** Takes nothing more, until `resume`. One message each way may be in hand already, and is held. */
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Hands on everything that has arrived, and waits for the replies that are due if its rule knows of replies; then it
   * is paused. Resolves with whether that was all within the deadline: peers that go on sending can keep it from ever
   * being so.
   */
  drain(options?: DrainOptions): Promise<boolean>
  /**
   * A worker has died, by its routing id, as the rule `'ready-workers'` knows it: the clients whose requests it had not
   * answered get the rule's `lostReply`, and what it may still have said is dropped. Resolves with how many those were.
   * ZeroMQ does not tell of the end of a worker; without this, the pump finds out when it is its turn again.
   */
  lose(worker: string): Promise<number>
  /** What it has done until now. */
  statistics(): Promise<PumpStatistics>
  /**
   * Closes its sockets. What waits to be sent has `linger` milliseconds; what has arrived and was not handed on is
   * lost, so drain it first. Calling it twice is harmless.
   */
  close(): Promise<void>
}
