import type { MessageFormat } from './batches/message-format.js'
import type { Signal } from './signal.js'

/**
 * The receiver of what arrives on a link. The reactor calls its functions. They must not throw: what they throw is an
 * uncaught error of the thread.
 */
export interface LinkReceiver {
  /** How messages look that have values. Default: there are none. */
  readonly format?: MessageFormat
  /**
   * A message: JSON data, with its values as `decodeValues` reads them. Its handler calls `begin(slot)` and, at the
   * end, whatever came of it, `finish(slot)`.
   */
  message(body: unknown, slot: number): void
  /**
   * Messages of one batch arrive. For receivers whose peers post rows.
   *
   * @param heading What `RowShape.heading` wrote: JSON data.
   * @returns What takes each message: its values are those of `cells` from `at` on. It is taken as a message is.
   */
  rows?(heading: unknown): (cells: readonly unknown[], at: number, slot: number) => void
  /**
   * The peer has finished a message, and no reply, that it had never begun: it will not handle it, and may say so.
   *
   * @param body The message as it was sent.
   */
  refused?(body: unknown): void
  /**
   * A message was taken back, and its turn has come: it does not leave.
   *
   * @param body The message as it was posted.
   */
  dropped?(body: unknown): void
  /**
   * The peer, in another process, has sent what no link sends, and why that cannot be taken: nothing more of it is, and
   * its session has to end.
   */
  faulted?(problem: string): void
  /** A signal, with what was handed over. */
  signal(signal: Signal, handedOver: unknown): void
}

/** What has gone over a link, in counters that never decrease, and what waits. Signals do not count. */
export interface LinkStatistics {
  /**
   * Messages that have left in a frame. Bytes are the characters of the frames, plus the bytes of binaries from when
   * they are copied into shared memory.
   */
  readonly sent: number
  readonly sentBytes: number
  /** Messages that were refused, as the backlog was at its limit. */
  readonly refused: number
  readonly received: number
  readonly receivedBytes: number
  /** Messages, and their bytes, that wait here for the peer to have room. */
  readonly waitingToSend: number
  readonly waitingToSendBytes: number
  /** Messages that the peer has and has not handled. */
  readonly unhandled: number
}

/** How far a message came before its receiver ended. */
export type Progress =
  /** It never left this thread, or the receiver never looked at it. Sending it again repeats nothing. */
  | 'not-begun'
  /** Its handler ran when the receiver ended: it may have had some of its effects. */
  | 'begun'

/** A message that its receiver did not handle, given back. */
export interface Returned {
  /** The message as it was sent: JSON data, with its values as `decodeValues` reads them. */
  readonly body: unknown
  readonly progress: Progress
}

/** What a link leaves behind when its peer has ended. */
export interface Remains {
  /** Messages to the peer that it never finished, in the order in which they were sent. */
  readonly returned: readonly Returned[]
  /** How many messages the peer had accepted for this side that never left it. */
  readonly lost: number
}
