/** Refs to an actor outlive it. For the last so many failed actors, they can still learn why the actor is gone. */
const MAX_OBITUARIES = 1000

/** The errors of actors that failed instead of stopping by themselves, by their ids. */
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
