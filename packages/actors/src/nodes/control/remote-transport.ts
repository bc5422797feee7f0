import { RemoteSockets } from '@zera/core/internal'
import { setModuleRoots } from '../../model/modules/module-roots.js'
import type { NodeSeed } from '../../platform/host-seed.js'
import { openTransport, type Transport } from '../../platform/transport.js'
import { Lease } from './lease.js'

/** How a thread of a node reaches others, and how others reach it. */
export interface RemoteAccess {
  readonly transport: Transport
  /** Where others reach it. */
  readonly endpoint: string
  /** Whether its actors may begin another message. */
  readonly mayRun: () => boolean
}

/**
 * Opens what a thread of a node needs for its links.
 *
 * @throws {AddressError} When its door cannot be bound.
 */
export async function openRemote({ door, lease: memory, roots }: NodeSeed): Promise<RemoteAccess> {
  if (roots !== undefined) setModuleRoots(roots)
  const sockets = await RemoteSockets.open(door)
  const lease = new Lease(memory)
  return { transport: openTransport(sockets), endpoint: sockets.endpoint as string, mayRun: () => lease.holds }
}
