import type { Clock } from '@zera/core/internal'
import { formatActor } from '../../model/address.js'
import { stallIn, type Stall } from '../../model/events/stall.js'
import type { Hosts } from './hosts.js'

/** What a stall is found by. */
interface StalledHosts extends Pick<Hosts, 'slot'> {
  readonly registry: Pick<Hosts['registry'], 'identityOf'>
}

/**
 * The handler that keeps the thread of a host busy, as the main thread can see: a thread of this process writes into
 * shared memory which handler it runs. Undefined when none has had it for long. One that has awaited leaves no trace,
 * and what a thread of another process runs is not known before its end.
 */
export function stallOn(host: number, hosts: StalledHosts, clock: Clock): Stall | undefined {
  const slot = hosts.slot(host)
  if (slot?.isRunning !== true) return undefined
  return stallIn(slot.blackBox, clock.epochMs(), id => formatActor({ host, id, ...hosts.registry.identityOf(id) }))
}
