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
