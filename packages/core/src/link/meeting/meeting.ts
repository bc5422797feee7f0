/**
 * The shared word that says whether the connect of a link is over: its two sides have met, or its endpoint was bound
 * late.
 *
 * ZeroMQ keeps a socket that has connected to an inproc endpoint, and its descriptor, until another socket binds there,
 * even after it was closed (hazard H8). So when the binding side has gone without a word, the remaining side has to
 * bind instead.
 */
export class Meeting {
  readonly memory: SharedArrayBuffer
  readonly #word: Int32Array

  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory
    this.#word = new Int32Array(memory)
  }

  get hasHappened(): boolean {
    return Atomics.load(this.#word, 0) === 1
  }

  /** Says so, for good. */
  happened(): void {
    Atomics.store(this.#word, 0, 1)
  }
}
