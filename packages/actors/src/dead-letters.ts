import type { DeadLetter, DeadLetterReason } from './dead-letter.js'

/** What became of the dead letters of a system. The counters only grow, but for `kept`. */
export interface DeadLetterStatistics {
  readonly received: number
  readonly byReason: Readonly<Partial<Record<DeadLetterReason, number>>>
  /** Those that are here now. */
  readonly kept: number
  /** Those that gave way to later ones. */
  readonly dropped: number
  readonly replayed: number
}

/** The last dead letters of a system, oldest first: when there are more than `maxDeadLetters`, the oldest gives way. It does no IO. */
export class DeadLetters implements Iterable<DeadLetter> {
  readonly #maxLetters: number
  readonly #letters = new Set<DeadLetter>()
  readonly #byReason: Partial<Record<DeadLetterReason, number>> = {}
  #received = 0
  #dropped = 0
  #replayed = 0

  constructor(maxLetters: number) {
    this.#maxLetters = maxLetters
  }

  get statistics(): DeadLetterStatistics {
    return { received: this.#received, byReason: { ...this.#byReason }, kept: this.#letters.size, dropped: this.#dropped, replayed: this.#replayed }
  }

  /** Those that are here now, so that they can be replayed while they are gone through. */
  [Symbol.iterator](): Iterator<DeadLetter> {
    return [...this.#letters][Symbol.iterator]()
  }

  /** Adds a letter. Called by the system. */
  add(letter: DeadLetter): void {
    this.#received += 1
    this.#byReason[letter.reason] = (this.#byReason[letter.reason] ?? 0) + 1
    this.#letters.add(letter)
    const [oldest] = this.#letters
    if (this.#letters.size <= this.#maxLetters || oldest === undefined) return
    this.#letters.delete(oldest)
    this.#dropped += 1
  }

  /** Takes a letter out that was sent again. Called by the system. */
  replayed(letter: DeadLetter): void {
    this.#letters.delete(letter)
    this.#replayed += 1
  }
}
