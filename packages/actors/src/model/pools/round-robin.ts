import type { Route } from './route.js'

/** One after the other. */
export class RoundRobin implements Route {
  #last = -1

  choose(workers: readonly unknown[]): number {
    this.#last = (this.#last + 1) % workers.length
    return this.#last
  }
}
