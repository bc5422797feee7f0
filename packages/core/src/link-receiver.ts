import type { Signal } from './signal.js'

/** Who takes what arrives on a link. Both are called by the reactor and must not throw: what they throw is an uncaught error of the thread. */
export interface LinkReceiver {
  /** A message: JSON data. Whoever handles it calls `begin(slot)` and, at the end whatever came of it, `finish(slot)`. */
  message(body: unknown, slot: number): void
  /** A signal, with what was handed over. */
  signal(signal: Signal, handedOver: unknown): void
}
