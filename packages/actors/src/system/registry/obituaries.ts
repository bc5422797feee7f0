/** Refs to an actor outlive it. Those to the last so many that have failed can still learn why it is gone. */
const MAX_OBITUARIES = 1000

/** Why actors are gone that did not stop of their own accord: what they failed with, by their ids. */
export class Obituaries {
  readonly #causes = new Map<number, Error>()

  add(id: number, cause: Error): void {
    this.#causes.delete(id)
    this.#causes.set(id, cause)
    const [oldest] = this.#causes.keys()
    if (this.#causes.size > MAX_OBITUARIES && oldest !== undefined) this.#causes.delete(oldest)
  }

  /** It runs again. */
  delete(id: number): void {
    this.#causes.delete(id)
  }

  /** Undefined when it was stopped, runs, or is gone for too long. */
  get(id: number): Error | undefined {
    return this.#causes.get(id)
  }
}
