import type { Clock } from '@zera/core/internal'
import { formatActor } from '../../model/address.js'
import { stallIn, type Stall } from '../../model/events/stall.js'
import type { Hosts } from './hosts.js'

/** What stalls are found by. */
export interface StalledHosts extends Pick<Hosts, 'slot'> {
  readonly registry: Pick<Hosts['registry'], 'identityOf'>
}

/**
 * Why threads answer nothing, as the main thread can see: a thread of this process writes into shared memory which
 * handler it runs. What a thread of another process runs is not known before its end.
 */
export class Stalls {
  readonly #hosts: StalledHosts
  readonly #clock: Clock

  constructor(hosts: StalledHosts, clock: Clock) {
    this.#hosts = hosts
    this.#clock = clock
  }

  /**
   * The handler that keeps a thread busy; undefined when none has had it for long. One that has awaited leaves no
   * trace.
   */
  on(host: number): Stall | undefined {
    const slot = this.#hosts.slot(host)
    if (slot?.isRunning !== true) return undefined
    return stallIn(slot.blackBox, this.#clock.epochMs(), id =>
      formatActor({ host, id, ...this.#hosts.registry.identityOf(id) }),
    )
  }
}
