import { expectOptions, optionNames } from '../values/options/known-options.js'
import { SIGNAL } from '../values/options/option-kinds.js'

/**
 * Something that a `Poller` can wait for: sockets and their monitors, pipes, and sources made from timers, signals,
 * streams and descriptors.
 */
export interface Pollable {
  /** Whether there is something to take at once. */
  readonly isReady: boolean
  /** Calls back once, when there may be something to take. Returns the function that cancels this. */
  whenReady(wake: () => void): () => void
}

/** Options of one receive. */
export interface ReceiveCall {
  /** Ends the wait with the signal's reason; what arrives later goes to the next receive. */
  readonly signal?: AbortSignal | undefined
}

const RECEIVE_OPTIONS = optionNames<ReceiveCall>({ signal: SIGNAL })

/**
 * The signal of one receive. Without options it costs nothing.
 *
 * @throws {TypeError} When there is another option, or the signal is none.
 */
export function signalOf(call: ReceiveCall | undefined): AbortSignal | undefined {
  if (call === undefined) return undefined
  expectOptions('receive', call, RECEIVE_OPTIONS)
  return call.signal
}
