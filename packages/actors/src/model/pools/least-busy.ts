import type { Route, RouteWorker } from './route.js'

/**
 * Whoever has the fewest asks of this host to answer; among equals, one after the other. A tell does not count: nobody
 * hears of its end.
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
