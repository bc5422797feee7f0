/** How many threads Zera has in this process, the main thread with them, in memory that all of them see. */
export class ThreadCount {
  readonly memory: SharedArrayBuffer
  readonly #others: Int32Array

  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory
    this.#others = new Int32Array(memory)
  }

  get threads(): number {
    return 1 + Atomics.load(this.#others, 0)
  }

  /** One more thread. Returns what is to be called when it has ended. */
  count(): () => void {
    Atomics.add(this.#others, 0, 1)
    return () => void Atomics.sub(this.#others, 0, 1)
  }
}
