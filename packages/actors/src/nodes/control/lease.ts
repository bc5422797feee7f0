import { realTimers } from '@zera/core/internal'

/**
 * How long the threads of a node may go on, in memory that they share: each looks before it begins a message. It ends
 * before the system gives the node up, so nothing is begun on a node that has been given up, also not on one that was
 * suspended and goes on.
 *
 * Its time is that of the machine, which all threads of a process read alike and which goes on while they are
 * suspended.
 */
export class Lease {
  readonly memory: SharedArrayBuffer
  readonly #until: BigInt64Array

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory
    this.#until = new BigInt64Array(memory)
  }

  /** The machine's time, in milliseconds. */
  static now(): number {
    return Number(realTimers.machineNs() / 1_000_000n)
  }

  /** Whether it has not ended. */
  get holds(): boolean {
    return realTimers.machineNs() < Atomics.load(this.#until, 0)
  }

  /** Milliseconds until it ends; less than 0 when it has. */
  get leftMs(): number {
    return Number(Atomics.load(this.#until, 0) - realTimers.machineNs()) / 1e6
  }

  /**
   * Sets its end.
   *
   * @param atMs In the machine's time.
   */
  extend(atMs: number): void {
    Atomics.store(this.#until, 0, BigInt(Math.floor(atMs)) * 1_000_000n)
  }

  /**
   * Sets its end, unless that is earlier already.
   *
   * @param atMs In the machine's time.
   */
  shorten(atMs: number): void {
    const until = BigInt(Math.floor(atMs)) * 1_000_000n
    if (until < Atomics.load(this.#until, 0)) Atomics.store(this.#until, 0, until)
  }

  /** Ends it now. */
  end(): void {
    Atomics.store(this.#until, 0, 0n)
  }
}
