import type { Pollable } from '../../base/receiving/pollable.js'
import type { WaitOptions } from '../../base/time/wait.js'
import type { LinkStatistics } from '../../link/link-receiver.js'

/** What has gone over a pipe and what waits. */
export interface PipeStatistics extends LinkStatistics {
  /** Values that have arrived and that the program has not asked for yet. */
  readonly waitingToReceive: number
}

/**
 * What carries values between two threads: each goes in on one side and comes out on the other as `structuredClone`
 * would deliver it.
 *
 * Guarantees: in order, at most once. A value counts as handled when its receiver asks for the next one, or when a
 * thread's function returns. When the receiver ends before that, the sender gets the value back (`Thread.undelivered`).
 * Receive in one place only.
 */
export interface Pipe extends AsyncIterable<unknown>, Pollable {
  /** What became of the pipe's values: plain data. */
  readonly statistics: PipeStatistics
  /**
   * Sends a value. It is copied at once.
   *
   * @returns False when the backlog is large: await `ready()` before the next send.
   * @throws {NotCloneableError} When the value cannot travel.
   * @throws {PipeClosedError} When the other side has ended.
   * @throws {PipeFullError} When the backlog is at its limit.
   */
  send(value: unknown): boolean
  /**
   * Resolves when the backlog is below its mark, or when the other side has ended.
   *
   * @throws {WaitTimeoutError} When `timeoutMs` has passed.
   * @throws The reason of the signal, when that aborts.
   * @throws {RangeError} When `timeoutMs` is negative or not a number.
   */
  ready(options?: WaitOptions): Promise<void>
  /** Yields each value that arrives, until the pipe ends. Leaving the loop leaves the pipe open. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void>
  /**
   * Waits for the next value. Resolves with undefined when the pipe has ended and everything was received. The previous
   * value now counts as handled.
   *
   * @param signal Ends the wait with the signal's reason.
   * @throws {SocketError} When a receive is under way already.
   * @throws {RangeError} When there is no memory for a large binary of the value. You can still ask for the next value.
   */
  receive(signal?: AbortSignal): Promise<{ readonly value: unknown } | undefined>
  /** Counts the last received value as handled, without asking for another. */
  finish(): void
  /** Ends the receiving side: what has arrived can still be received. */
  end(): void
}
