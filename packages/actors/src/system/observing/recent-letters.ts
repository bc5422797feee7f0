import type { DeadLetter } from '../../model/events/dead-letter.js'
import type { ObservedLetter } from '../../model/observing/observed-system.js'

/** Dead letters that a person may look through. */
const MOST_LETTERS = 200

/** The last dead letters that the system keeps, each with a number by which another thread can name it. */
export class RecentLetters {
  readonly #kept: Iterable<DeadLetter>
  readonly #numbers = new WeakMap<DeadLetter, Omit<ObservedLetter, 'letter'>>()
  #last = 0

  /** @param kept Those that the system keeps, which bounds them, and lets go of what was sent again. */
  constructor(kept: Iterable<DeadLetter>) {
    this.#kept = kept
  }

  /** A letter has come. */
  add(letter: DeadLetter, atMs: number): void {
    this.#last += 1
    this.#numbers.set(letter, { number: this.#last, atMs })
  }

  get(number: number): DeadLetter | undefined {
    return this.list().find(one => one.number === number)?.letter
  }

  /** All of them, oldest first. */
  list(): readonly ObservedLetter[] {
    return [...this.#kept].slice(-MOST_LETTERS).flatMap(letter => {
      const about = this.#numbers.get(letter)
      return about === undefined ? [] : [{ ...about, letter }]
    })
  }
}
