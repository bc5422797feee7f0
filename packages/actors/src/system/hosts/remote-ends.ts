import { remoteEnd, remoteTerms, type RemoteEnd, type RemoteTerms } from '@zera/core/internal'
import type { PartyElsewhere } from '../../platform/platform.js'

/**
 * How well others can connect to a host: over tcp from other machines, and by a door with a key, which encrypts the
 * link. A node without keys is reachable only from its own machine.
 */
const rankOf = ({ endpoint, doorKey }: PartyElsewhere): number =>
  (endpoint.startsWith('tcp:') ? 2 : 0) + (doorKey === undefined ? 0 : 1)

/**
 * Makes the ends of a link between two hosts, at least one of which is in another process than the system. If both are,
 * the one that is easier to reach binds.
 *
 * @param a Undefined for a host of the system's own process.
 */
export function remoteEnds(
  name: string,
  link: number,
  a: PartyElsewhere | undefined,
  b: PartyElsewhere | undefined,
): [RemoteEnd | RemoteTerms, RemoteEnd | RemoteTerms] {
  const aBinds = a !== undefined && (b === undefined || rankOf(a) > rankOf(b))
  const [binder, other] = (aBinds ? [a, b] : [b, a]) as [PartyElsewhere, PartyElsewhere | undefined]
  const [bind, connect] = remoteTerms(name, link, binder.endpoint, binder.doorKey)
  const end = other === undefined ? remoteEnd(connect) : connect
  return aBinds ? [bind, end] : [end, bind]
}
