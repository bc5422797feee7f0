import { monotonicMs } from '../base/runtime/real-timers.js'

const ASKED = 0
const CONFIRMED = 1
const HELD = 2
const EXTRA = 3

/** As much as a word holds. */
const MAX_EXTRA_MS = 2 ** 31 - 1

/**
 * Shared words by which the main thread's `exit` hook has the I/O thread close its sockets: main blocks, so it can say
 * nothing else.
 */
export class ExitWords {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array

  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory
    this.#words = new Int32Array(memory)
  }

  /**
   * Asks, and blocks until it is confirmed.
   *
   * @param timeoutMs The longest wait, in addition to what the other side says that it needs; closing takes
   *   microseconds a socket.
   */
  ask(timeoutMs = 2000): void {
    Atomics.store(this.#words, ASKED, 1)
    Atomics.notify(this.#words, ASKED)
    const until = monotonicMs() + timeoutMs
    while (Atomics.load(this.#words, CONFIRMED) === 0) {
      const leftMs = until + Atomics.load(this.#words, EXTRA) - monotonicMs()
      if (leftMs <= 0) return
      Atomics.wait(this.#words, CONFIRMED, 0, leftMs)
    }
  }

  /** Says how long it may take beyond the time that closing takes. */
  needs(ms: number): void {
    Atomics.store(this.#words, EXTRA, Math.min(ms, MAX_EXTRA_MS))
  }

  /** Resolves when it is asked for. */
  async asked(): Promise<void> {
    const waiting = Atomics.waitAsync(this.#words, ASKED, 0)
    if (waiting.async) await waiting.value
  }

  /**
   * Confirms, and holds the thread where it is until it is terminated: a native call that it made from here on, for a
   * send that is tried again or a promise that was rejected, would take the process along (hazard H1).
   */
  confirmAndHold(): void {
    Atomics.store(this.#words, CONFIRMED, 1)
    Atomics.notify(this.#words, CONFIRMED)
    Atomics.wait(this.#words, HELD, 0)
  }
}
