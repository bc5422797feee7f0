import { currentActor } from '../model/actor-context.js'
import type { Address } from '../model/address.js'
import type { BoundRef, RefHost } from '../model/refs/bound-ref.js'

/**
 * The actor that sends: the one whose code is running, if it is one of the host's system. An actor of another system in
 * this thread has no address in this one, so its messages have no sender here.
 */
export function senderOf(host: Pick<RefHost, 'identity'>): Address | undefined {
  const self = currentActor()?.self as BoundRef<object> | undefined
  return self !== undefined && self.belongsTo(host) ? self.address : undefined
}
