/**
 * Something under way that you can call off, also with `using` at the end of a block: a timer, a watch, a link, a
 * listener.
 */
export interface Cancellable extends Disposable {
  /** Calls it off: nothing more comes of it. Calling it twice is harmless. */
  cancel(): void
}

/** What calls `cancel` when it is cancelled or disposed of. */
export function cancellable(cancel: () => void): Cancellable {
  return { cancel, [Symbol.dispose]: cancel }
}
