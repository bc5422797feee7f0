import { reactor, RemoteLink, RemoteSockets, type RemoteDoorOptions } from '@zera/core'
import { setModuleRoots, type ModuleRoots } from '../module-roots.js'
import { threadTransport, type Transport } from '../transport.js'
import { Lease } from './lease.js'

/** The number of the first host on a node; the hosts of the system's own process have lower ones. */
export const FIRST_NODE_HOST = 1_000_000

/** What a thread is told that has links to other processes. */
export interface RemoteSeed {
  /** What a thread of a node is told besides. */
  readonly node?: {
    readonly door: RemoteDoorOptions
    readonly lease: SharedArrayBuffer
    readonly roots: ModuleRoots | undefined
  }
}

/** How a thread reaches those of other processes. */
export interface RemoteAccess {
  readonly transport: Transport
  /** Where it is reached itself, when it is on a node. */
  readonly endpoint: string | undefined
  /** Whether its actors may begin another message; undefined in the system's own process. */
  readonly mayRun: (() => boolean) | undefined
  /** Closes its sockets, when its host has closed. */
  close(): Promise<void>
}

/** Opens what a thread needs for its links to other processes. @throws {AddressError} When its door cannot be bound. */
export async function openRemote({ node }: RemoteSeed): Promise<RemoteAccess> {
  if (node?.roots !== undefined) setModuleRoots(node.roots)
  const sockets = await RemoteSockets.open(node?.door)
  const lease = node && new Lease(node.lease)
  return {
    transport: {
      ...threadTransport,
      createLink: (name, receiver, peer) =>
        // Two threads of one node talk as any two processes do: nobody there makes links for them.
        node !== undefined || peer >= FIRST_NODE_HOST ? new RemoteLink(name, reactor, receiver, sockets.plug) : threadTransport.createLink(name, receiver, peer),
    },
    endpoint: sockets.endpoint,
    mayRun: lease && (() => lease.holds),
    close: () => sockets.close(),
  }
}
