import { monotonicMs } from '../base/runtime/real-timers.js'
import { inRootContext } from '../base/runtime/root-context.js'

/**
 * Milliseconds that the end of a thread waits for modules that it is loading. That takes tenths of a second where many
 * threads start at once. A module that takes longer may spin, or wait forever, and the thread ends all the same: at
 * worst that leaves a file open.
 */
export const MAX_LOADING_MS = 3_000

/** Set when the thread is to be killed. The rest of the word counts what it is loading. */
const CLOSED = 1 << 30

/**
 * The shared word that keeps a kill out of the loading of modules (hazard H12: Node leaves a file open that a thread
 * was reading when it ended).
 *
 * The thread counts here what it is loading; the killing thread closes the gate, and waits until that is loaded. What
 * is loaded by then no longer runs, and nothing else is loaded: code that tries waits forever, until the kill ends it.
 */
export class LoadGate {
  readonly #word: Int32Array

  /** @param word One shared 32-bit word, zero for a thread that loads nothing. */
  constructor(word: Int32Array) {
    this.#word = word
  }

  /** Loads something: `load(() => import(url))`. */
  async load<T>(load: () => Promise<T>): Promise<T> {
    await this.#begin()
    try {
      // Modules are everybody's.
      return await inRootContext(load)
    } finally {
      await this.end()
    }
  }

  /**
   * Counts the modules that a thread begins with. Its starter does, since they are loaded before any code of that
   * thread runs.
   */
  beginFirst(): void {
    Atomics.store(this.#word, 0, 1)
  }

  /** Says in the thread that they are loaded. Resolves never when the thread is to be killed. */
  async end(): Promise<void> {
    const before = Atomics.sub(this.#word, 0, 1)
    if ((before & ~CLOSED) === 1) Atomics.notify(this.#word, 0)
    if ((before & CLOSED) !== 0) await never()
  }

  /**
   * Closes the gate for good, from another thread. Returns whether the thread loads nothing; else wait until it is
   * `idle`.
   */
  close(): boolean {
    return (Atomics.or(this.#word, 0, CLOSED) & ~CLOSED) === 0
  }

  /** Resolves when the thread loads nothing, and when the time is over. */
  async idle(timeoutMs = MAX_LOADING_MS): Promise<void> {
    const until = monotonicMs() + timeoutMs
    for (;;) {
      const [seen, leftMs] = [Atomics.load(this.#word, 0), until - monotonicMs()]
      if ((seen & ~CLOSED) === 0 || leftMs <= 0) return
      const waiting = Atomics.waitAsync(this.#word, 0, seen, leftMs)
      if (waiting.async) await waiting.value
    }
  }

  async #begin(): Promise<void> {
    for (;;) {
      const seen = Atomics.load(this.#word, 0)
      if ((seen & CLOSED) !== 0) await never()
      else if (Atomics.compareExchange(this.#word, 0, seen, seen + 1) === seen) return
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}
