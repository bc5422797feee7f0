import { showAs } from '@zera/core/internal'
import type { DeadLetter, DeadLetterReason } from '../../model/events/dead-letter.js'
import type { DeadLetters, DeadLetterStatistics } from './dead-letters.js'
import { heldBytes } from './held-bytes.js'

/** About how many bytes all kept dead letters may take together: 64 MiB. */
const MAX_DEAD_LETTER_BYTES = 64 * 1024 * 1024

/** About how many bytes a letter takes besides its arguments and its error. */
const LETTER_BYTES = 512

/** Keeps dead letters. It does no IO. */
export class KeptDeadLetters implements DeadLetters {
  readonly #maxLetters: number
  readonly #maxBytes: number
  /** With the bytes that each takes. */
  readonly #letters = new Map<DeadLetter, number>()
  readonly #byReason: Partial<Record<DeadLetterReason, number>> = {}
  #bytes = 0
  #received = 0
  #dropped = 0
  #replayed = 0

  static {
    showAs(this.prototype, letters => ({ title: 'DeadLetters', parts: letters.statistics }))
  }

  constructor(maxLetters: number, maxBytes = MAX_DEAD_LETTER_BYTES) {
    this.#maxLetters = maxLetters
    this.#maxBytes = maxBytes
  }

  get statistics(): DeadLetterStatistics {
    return {
      received: this.#received,
      byReason: { ...this.#byReason },
      kept: this.#letters.size,
      keptBytes: this.#bytes,
      dropped: this.#dropped,
      replayed: this.#replayed,
    }
  }

  [Symbol.iterator](): Iterator<DeadLetter> {
    return [...this.#letters.keys()][Symbol.iterator]()
  }

  /** Adds a letter. Called by the system. */
  add(letter: DeadLetter): void {
    this.#received += 1
    this.#byReason[letter.reason] = (this.#byReason[letter.reason] ?? 0) + 1
    const { args, error } = letter
    const bytes = LETTER_BYTES + heldBytes(error === undefined ? args : [args, error], this.#maxBytes)
    if (bytes > this.#maxBytes) {
      this.#dropped += 1
      return
    }
    this.#letters.set(letter, bytes)
    this.#bytes += bytes
    for (const [oldest] of this.#letters) {
      if (this.#letters.size <= this.#maxLetters && this.#bytes <= this.#maxBytes) return
      this.#forget(oldest)
      this.#dropped += 1
    }
  }

  /** Takes a letter out that was sent again. Called by the system. */
  replayed(letter: DeadLetter): void {
    this.#forget(letter)
    this.#replayed += 1
  }

  #forget(letter: DeadLetter): void {
    this.#bytes -= this.#letters.get(letter) ?? 0
    this.#letters.delete(letter)
  }
}
