const OPEN = 0
const INSIDE = 1
const CLOSED = 2

/**
 * The shared word that keeps a kill out of native calls (hazard H1: a thread that is terminated inside a native ZeroMQ
 * call takes the whole process with it).
 *
 * The thread stands inside its gate during each native call; the killing thread closes the gate first. A thread that
 * finds its gate closed never passes it: it blocks where termination is safe. It costs two atomic operations a native
 * call.
 */
export class KillGate {
  readonly #word: Int32Array

  /** @param word One shared 32-bit word, zero for a gate that is open. */
  constructor(word: Int32Array) {
    this.#word = word
  }

  /** Called by the owner before a native call. Not to be nested, not to be held across an `await`. */
  enter(): void {
    while (Atomics.compareExchange(this.#word, 0, OPEN, INSIDE) !== OPEN) Atomics.wait(this.#word, 0, CLOSED)
  }

  /** Called by the owner after a native call, in a `finally`. */
  leave(): void {
    Atomics.store(this.#word, 0, OPEN)
  }

  /**
   * Closes the gate for good, from another thread, waiting while the owner is inside.
   *
   * @param timeoutMs How long to wait for the owner to come out; native calls take microseconds. 0 does not wait.
   * @returns Whether the owner is kept out. False only when it died or hangs inside a native call.
   */
  close(timeoutMs = 1000): boolean {
    const attempts = timeoutMs
    for (let attempt = 0; attempt <= attempts; attempt++) {
      if (Atomics.compareExchange(this.#word, 0, OPEN, CLOSED) !== INSIDE) return true
      // The owner does not notify (it would pay on every call), so this waits a millisecond at a time.
      Atomics.wait(this.#word, 0, INSIDE, 1)
    }
    return false
  }
}
