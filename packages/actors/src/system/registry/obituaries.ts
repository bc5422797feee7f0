import type { Obituary } from '../../model/supervision/obituary.js'

/** Refs to an actor outlive it. For the last so many actors that are gone, they can still learn why. */
const MAX_OBITUARIES = 1000

/** Why actors, or pools, are gone, by their ids. */
export class Obituaries {
  readonly #byId = new Map<number, Obituary>()

  add(id: number, obituary: Obituary): void {
    this.#byId.delete(id)
    this.#byId.set(id, obituary)
    const [oldest] = this.#byId.keys()
    if (this.#byId.size > MAX_OBITUARIES && oldest !== undefined) this.#byId.delete(oldest)
  }

  /** It runs again. */
  delete(id: number): void {
    this.#byId.delete(id)
  }

  /** Undefined when it runs, or is gone for too long. */
  get(id: number): Obituary | undefined {
    return this.#byId.get(id)
  }
}
