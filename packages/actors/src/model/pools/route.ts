/** A worker of a pool, as the route of one host sees it. */
export interface RouteWorker {
  /** Its actor's id, which no other actor ever has. */
  readonly id: number
  /** What was asked of it from this host and is not answered yet. */
  readonly underWay: number
}

/** What `choose` returns for all workers at once. */
export const EVERY = -1

/**
 * Chooses who handles a message. Each host has routes of its own, so nobody is asked and nothing is sent for a choice.
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
