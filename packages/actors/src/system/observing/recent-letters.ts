import type { DeadLetter } from '../../model/events/dead-letter.js'
import type { ObservedLetter } from '../../model/observing/observed-system.js'

/** Dead letters that a person may look through and send again. */
const MOST_LETTERS = 200

/** The last dead letters, each with a number by which another thread can name it. */
export class RecentLetters {
  readonly #letters = new Map<number, { readonly letter: DeadLetter; readonly atMs: number }>()
  #last = 0

  add(letter: DeadLetter, atMs: number): void {
    this.#last += 1
    this.#letters.set(this.#last, { letter, atMs })
    this.#letters.delete(this.#last - MOST_LETTERS)
  }

  get(number: number): DeadLetter | undefined {
    return this.#letters.get(number)?.letter
  }

  /** A letter was sent again. */
  delete(number: number): void {
    this.#letters.delete(number)
  }

  /** All of them, oldest first. */
  list(): readonly ObservedLetter[] {
    return Array.from(this.#letters, ([number, { letter, atMs }]) => ({ number, letter, atMs }))
  }
}
