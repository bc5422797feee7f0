/** Something that a `Poller` can wait for: sockets, pipes, and what `Poller` makes of timers and signals. */
export interface Pollable {
  /** Whether there is something to take at once. */
  readonly isReady: boolean
  /** Calls back, once, when there may be something to take. Returns the function that takes the wish back. */
  whenReady(wake: () => void): () => void
}
