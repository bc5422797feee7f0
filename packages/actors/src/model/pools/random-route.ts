import type { Random } from '../time/random.js'
import type { Route } from './route.js'

/** A random worker, each as likely as the others. */
export class RandomRoute implements Route {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  choose(workers: readonly unknown[]): number {
    return Math.floor(this.#random.next() * workers.length)
  }
}
