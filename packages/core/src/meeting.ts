/** The bytes of shared memory that a meeting takes. */
export const MEETING_BYTES = 4

/**
 * The shared word that says whether the connect of a link is over: its two sides have met, or somebody has bound its endpoint late.
 *
 * ZeroMQ keeps a socket that has connected to an inproc endpoint, and its descriptor, until somebody binds there, also after it was closed (hazard H8). So when the binding side has gone without
 * a word, whoever is left has to bind in its place.
 */
export class Meeting {
  readonly #word: Int32Array

  /** @param memory At least `MEETING_BYTES` of zeroed shared memory from `offset` on. */
  constructor(memory: SharedArrayBuffer, offset: number) {
    this.#word = new Int32Array(memory, offset, 1)
  }

  get hasHappened(): boolean {
    return Atomics.load(this.#word, 0) === 1
  }

  /** Says so, for good. */
  happened(): void {
    Atomics.store(this.#word, 0, 1)
  }
}
