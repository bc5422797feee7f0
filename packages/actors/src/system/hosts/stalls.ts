import { within, type Clock } from '@zera/core/internal'
import type { HostObserver } from '../../host/host-observer.js'
import { serviceAt, type ServiceCarrier } from '../../messaging/services/service-client.js'
import { formatActor, OBSERVER } from '../../model/address.js'
import { stallIn, type Stall } from '../../model/events/stall.js'
import type { Hosts } from './hosts.js'

/** Milliseconds that a thread has to answer before it counts as silent; on a busy machine that takes some. */
const ANSWER_MS = 250

/** What stalls are found by. */
export interface StalledHosts extends Pick<Hosts, 'slot'> {
  readonly main: { readonly messenger: ServiceCarrier }
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

  /** The handler that keeps a thread busy; undefined when none has had it for long. */
  busyOn(host: number): (Stall & { readonly kind: 'busy' }) | undefined {
    const slot = this.#hosts.slot(host)
    if (slot?.isRunning !== true) return undefined
    return stallIn(slot.blackBox, this.#clock.epochMs(), id =>
      formatActor({ host, id, ...this.#hosts.registry.identityOf(id) }),
    )
  }

  /** The same, and otherwise whether the thread answers: a handler that has awaited something leaves no trace. */
  async on(host: number): Promise<Stall | undefined> {
    if (this.#hosts.slot(host)?.isRunning !== true) return undefined
    const busy = this.busyOn(host)
    if (busy !== undefined) return busy
    const observer = serviceAt<HostObserver>(this.#hosts.main.messenger, { host, id: OBSERVER }, 'first')
    const answered = await within(this.#clock, ANSWER_MS, observer.activity())
    return answered ? undefined : (this.busyOn(host) ?? { kind: 'silent', forMs: ANSWER_MS })
  }
}
