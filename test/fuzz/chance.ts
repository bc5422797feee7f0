import { chance as numbers } from '../crash/chance.js'

/** Chance that follows from a seed, in the forms that a fuzzer needs. */
export class Chance {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = numbers(seed)
  }

  /** A whole number from 0 on and below an end. */
  below(end: number): number {
    return this.#next() % end
  }

  /** Whether something happens that happens once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}
