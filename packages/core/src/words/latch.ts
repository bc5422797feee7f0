import { stayAlive } from '../base/runtime/stay-alive.js'
import { settledOrAborted } from '../base/time/on-abort.js'
import { expectNumber } from '../base/values/expect-number.js'
import { expectSignal } from '../base/values/expect-signal.js'

const OPENED = 1

/**
 * A gate that opens once, for all threads that wait at it: "go". It carries no data.
 *
 * Its memory travels to other threads in `data` of `startThread`; each thread makes its own `Latch` from it. The memory
 * stays valid when the thread that made it dies.
 */
export class Latch {
  readonly memory: SharedArrayBuffer
  readonly #word: Int32Array

  constructor(memory = new SharedArrayBuffer(4)) {
    this.memory = memory
    this.#word = new Int32Array(memory)
  }

  get isOpen(): boolean {
    return Atomics.load(this.#word, 0) === OPENED
  }

  /** Opens it, for good. */
  open(): void {
    Atomics.store(this.#word, 0, OPENED)
    Atomics.notify(this.#word, 0)
  }

  /**
   * Resolves when it is open.
   *
   * @throws The signal's reason, when that aborts first.
   */
  async passed(signal?: AbortSignal): Promise<void> {
    expectSignal('pass a latch', signal)
    await waitWhile(this.#word, 0, 0, signal)
  }
}

/**
 * A place where a number of threads wait for each other: the last one to arrive lets all go on. It is reusable.
 *
 * Its memory travels like that of a latch. A thread that dies before it arrives leaves the others waiting, so pass a
 * signal where that may happen.
 */
export class Barrier {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #parties: number

  /** @param parties How many threads wait for each other; the same number in every thread. */
  constructor(parties: number, memory = new SharedArrayBuffer(8)) {
    expectNumber('make a barrier', 'parties', parties, { from: 1, isWhole: true })
    this.memory = memory
    this.#parties = parties
    this.#words = new Int32Array(memory)
  }

  /** Resolves when all parties have arrived. A party that gives up by the signal still counts as arrived. */
  async arrive(signal?: AbortSignal): Promise<void> {
    expectSignal('arrive at a barrier', signal)
    const [arrived, round] = [0, 1]
    const now = Atomics.load(this.#words, round)
    if (Atomics.add(this.#words, arrived, 1) + 1 === this.#parties) {
      Atomics.store(this.#words, arrived, 0)
      Atomics.add(this.#words, round, 1)
      Atomics.notify(this.#words, round)
      return
    }
    await waitWhile(this.#words, round, now, signal)
  }
}

/** Waits, without blocking the thread, while a shared word has a value. */
async function waitWhile(
  words: Int32Array,
  index: number,
  value: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const mayEnd = stayAlive()
  try {
    while (Atomics.load(words, index) === value) {
      signal?.throwIfAborted()
      const waiting = Atomics.waitAsync(words, index, value)
      if (waiting.async) await settledOrAborted(waiting.value, signal)
    }
  } finally {
    mayEnd()
  }
}
