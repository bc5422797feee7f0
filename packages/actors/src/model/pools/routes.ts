import type { Random } from '../time/random.js'
import { broadcast } from './broadcast.js'
import { consistentHash } from './consistent-hash.js'
import { LeastBusy } from './least-busy.js'
import { RandomRoute } from './random-route.js'
import { RoundRobin } from './round-robin.js'
import type { Route } from './route.js'

/** How a pool chooses the worker for a message. */
export type RouteName =
  /** One after the other, counted by each host for itself. */
  | 'round-robin'
  /** A random worker. */
  | 'random'
  /** The worker with the fewest open asks of the sender's host. */
  | 'least-busy'
  /**
   * All workers: an ask resolves when all have answered, with the answer of the first worker, and rejects when one
   * rejects.
   */
  | 'broadcast'
  /** The same worker for the same first argument, from all hosts. */
  | 'consistent-hash'

const ROUTES: Readonly<Record<RouteName, (random: Random) => Route>> = {
  'round-robin': () => new RoundRobin(),
  random: random => new RandomRoute(random),
  'least-busy': () => new LeastBusy(),
  broadcast: () => broadcast,
  'consistent-hash': () => consistentHash,
}

export const ROUTE_NAMES = Object.keys(ROUTES) as readonly RouteName[]

/** Makes the route of one pool on one host. */
export function createRoute(name: RouteName, random: Random): Route {
  return ROUTES[name](random)
}
