/**
 * Something that a `Poller` can wait for: sockets and their monitors, pipes, and what is made of timers, signals,
 * streams and descriptors.
 */
export interface Pollable {
  /** Whether there is something to take at once. */
  readonly isReady: boolean
  /** Calls back, once, when there may be something to take. Returns the function that takes the wish back. */
  whenReady(wake: () => void): () => void
}

/** How one receive differs from others. */
export interface ReceiveCall {
  /** Gives the wait up with the signal's reason; what arrives later is for the next receive. */
  readonly signal?: AbortSignal
}
