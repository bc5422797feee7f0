import type { Signal } from './signal.js'

/** Who takes what arrives on a link. Both are called by the reactor and must not throw: what they throw is an uncaught error of the thread. */
export interface LinkReceiver {
  /** A message: JSON data. Whoever handles it calls `begin(slot)` and, at the end whatever came of it, `finish(slot)`. */
  message(body: unknown, slot: number): void
  /**
   * Messages of one shape arrive. For receivers whose peers post rows.
   *
   * @param head What names the shape. @param to @param from What the batch says of all its messages.
   * @returns What takes each message: its values are those of `cells` from `at` on. It is taken as a message is.
   */
  rows?(head: string, to: number, from: number): (cells: readonly unknown[], at: number, slot: number) => void
  /** The peer has finished a message, and no reply, that it had never begun: it will not handle it, and may say so. @param body The message as it was sent: JSON data. */
  refused?(body: unknown): void
  /** A message was taken back, and its turn has come: it does not leave. @param body The message as it was posted: JSON data. */
  dropped?(body: unknown): void
  /** The peer, in another process, has sent what no link sends, and why that cannot be taken: nothing more of it is, and its session has to end. */
  faulted?(problem: string): void
  /** A signal, with what was handed over. */
  signal(signal: Signal, handedOver: unknown): void
}
