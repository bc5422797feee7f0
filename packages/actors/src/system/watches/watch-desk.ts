import { cloneable } from '../../messaging/format/cloneable-error.js'
import type { WatchOrder } from '../../messaging/system-service.js'
import type { Guardians } from '../hosts/guardians.js'
import type { Watcher, Watches } from './watches.js'

interface OrderedWatcher extends Watcher {
  readonly number?: number
}

/** Takes the watches that actors want in the main thread, where all ends are known, and has their hosts told. */
export class WatchDesk {
  readonly #watches: Watches
  readonly #guardians: Guardians

  constructor(watches: Watches, guardians: Guardians) {
    this.#watches = watches
    this.#guardians = guardians
  }

  watch({ host, watcher, number, target }: WatchOrder): void {
    const ordered: OrderedWatcher = {
      target,
      watcher,
      number,
      tell: down =>
        this.#guardians.actorDown(host, watcher, number, { ...down, error: down.error && cloneable(down.error) }),
    }
    this.#watches.add(ordered)
  }

  unwatch(watcher: number, number: number): void {
    for (const ordered of this.#watches.by(watcher))
      if ((ordered as OrderedWatcher).number === number) this.#watches.remove(ordered)
  }
}
