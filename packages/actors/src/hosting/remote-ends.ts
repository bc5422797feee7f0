import { remoteEnd, remoteTerms, type RemoteEnd, type RemoteTerms } from '@zera/core'
import type { PartyElsewhere } from './switchboard.js'

/** Who can be connected to by others than those on its machine. */
const isOnNetwork = ({ endpoint }: PartyElsewhere): boolean => endpoint.startsWith('tcp:')

/**
 * Makes the ends of a link between two hosts of which one at least is in another process than the system. Of two that are, the one binds that can be reached from everywhere.
 *
 * @param a Undefined for a host of the system's own process.
 */
export function remoteEnds(name: string, link: number, a: PartyElsewhere | undefined, b: PartyElsewhere | undefined): [RemoteEnd | RemoteTerms, RemoteEnd | RemoteTerms] {
  const aBinds = a !== undefined && (b === undefined || (isOnNetwork(a) && !isOnNetwork(b)))
  const [binder, other] = (aBinds ? [a, b] : [b, a]) as [PartyElsewhere, PartyElsewhere | undefined]
  const [bind, connect] = remoteTerms(name, link, binder.endpoint, securityOf(binder, other))
  const end = other === undefined ? remoteEnd(connect) : connect
  return aBinds ? [bind, end] : [end, bind]
}

/** A host that has keys of its own connects with those, and is let in by word of the system. */
function securityOf(binder: PartyElsewhere, other: PartyElsewhere | undefined): RemoteTerms['security'] {
  const { security } = binder
  if (other?.publicKey === undefined || security.curveServerKey === undefined) return security
  binder.admit(other.publicKey)
  return { curveServerKey: security.curveServerKey }
}
