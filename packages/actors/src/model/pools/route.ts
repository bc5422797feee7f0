/** A worker of a pool, as the route of one host sees it. */
export interface RouteWorker {
  /** Its actor's id, which no other actor ever has. */
  readonly id: number
  /** The asks of this host that it has not answered yet. */
  readonly underWay: number
}

/** The result of `choose` for all workers at once. */
export const EVERY = -1

/**
 * Chooses the worker for a message. Each host has its own routes, so a choice needs no communication.
 *
 * Every route guarantees:
 *
 * - Given at least one worker it returns the position of one of them, or `EVERY`, always of the same kind;
 * - The workers may differ from call to call, in number and order;
 * - It does no IO, keeps no worker, and needs no more time than one look at each.
 */
export interface Route {
  /**
   * @param workers At least one.
   * @throws {TypeError} When a route needs a key and the message has none.
   */
  choose(workers: readonly RouteWorker[], args: readonly unknown[]): number
}
