import type { Route, RouteWorker } from './route.js'

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
