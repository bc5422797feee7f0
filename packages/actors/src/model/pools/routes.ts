import type { Random } from '../time/random.js'
import { consistentHash } from './consistent-hash.js'
import { EVERY, type Route, type RouteWorker } from './route.js'

/** How a pool chooses the worker for a message. */
export type RouteName =
  /** The worker with the fewest open asks of the sender's host; of those with equally many, one after the other. */
  | 'least-busy'
  /** One after the other, counted by each host for itself. */
  | 'round-robin'
  /** A random worker. */
  | 'random'
  /**
   * All workers: an ask resolves when all have answered, with the answer of the first worker, and rejects when one
   * rejects.
   */
  | 'broadcast'
  /** The same worker for the same first argument, from all hosts. */
  | 'consistent-hash'

const ROUTES: Readonly<Record<RouteName, (random: Random) => Route>> = {
  'least-busy': () => new LeastBusy(),
  'round-robin': () => new RoundRobin(),
  random: random => new RandomRoute(random),
  broadcast: () => broadcast,
  'consistent-hash': () => consistentHash,
}

export const ROUTE_NAMES = Object.keys(ROUTES) as readonly RouteName[]

/** Makes the route of one pool on one host. */
export function createRoute(name: RouteName, random: Random): Route {
  return ROUTES[name](random)
}

/** All workers. */
const broadcast: Route = { choose: () => EVERY }

/** One after the other. */
class RoundRobin implements Route {
  #last = -1

  choose(workers: readonly unknown[]): number {
    this.#last = (this.#last + 1) % workers.length
    return this.#last
  }
}

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

/**
 * The worker with the fewest open asks of this host; among equals, one after the other. A tell does not count: its
 * sender does not learn when it ends.
 */
export class LeastBusy implements Route {
  #last = -1

  choose(workers: readonly RouteWorker[]): number {
    const { length } = workers
    let best = (this.#last + 1) % length
    let fewest = (workers[best] as RouteWorker).underWay
    for (let step = 1; step < length && fewest > 0; step++) {
      const at = (this.#last + 1 + step) % length
      const { underWay } = workers[at] as RouteWorker
      if (underWay < fewest) {
        best = at
        fewest = underWay
      }
    }
    this.#last = best
    return best
  }
}
