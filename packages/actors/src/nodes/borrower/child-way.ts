import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  createKeys,
  curveClient,
  hideSocket,
  optimisations,
  parseJson,
  type Endpoint,
  type RemoteSecurity,
} from '@zera/core/internal'
import type { ChildPlace, ChildReached } from '../control/child-place.js'
import { findNodeFolder, removeNodeFolder } from '../folders/node-folder.js'

/** How a system reaches a child. */
export interface ChildWay {
  /** Where the child is to listen. */
  readonly place: ChildPlace
  /** The folder of its sockets; undefined when they lie in none. */
  readonly directory: string | undefined
  /**
   * It listens.
   *
   * @param told What it said then.
   */
  reach(told: string | undefined): { readonly endpoint: Endpoint; readonly security: RemoteSecurity }
  /** It has ended. Removes what one that was killed may leave behind. */
  clear(): void
}

/**
 * Over ipc, which is faster and lets no other user in, or over tcp with keys of its own: there is no ipc between
 * processes on Windows that both ZeroMQ and Node know.
 */
export type ChildTransport = 'ipc' | 'tcp'

/** Which of them a platform has. */
export function childTransport(platform: NodeJS.Platform, isIpcWanted: boolean): ChildTransport {
  return isIpcWanted && platform !== 'win32' ? 'ipc' : 'tcp'
}

/**
 * Finds a way to a child of this system.
 *
 * @throws {NodeFolderError} When there is no place for its sockets.
 */
export function findChildWay(node: string, transport = childTransport(process.platform, optimisations.ipc)): ChildWay {
  return transport === 'ipc' ? ipcWay(findNodeFolder(node)) : tcpWay()
}

function ipcWay(directory: string): ChildWay {
  const path = join(directory, 'node')
  let hidden: ReturnType<typeof hideSocket>
  return {
    place: { endpoint: `ipc://${path}`, directory },
    directory,
    reach: () => {
      // What this process reaches needs no path, so none is left when both are killed.
      hidden = hideSocket(path)
      if (hidden !== undefined) rmSync(directory, { recursive: true, force: true })
      return { endpoint: `ipc://${hidden?.path ?? path}`, security: {} }
    },
    clear: () => {
      hidden?.close()
      removeNodeFolder(directory)
    },
  }
}

/** Every process of this machine finds the port. Only this one has the key that opens it. */
function tcpWay(): ChildWay {
  const keys = createKeys()
  return {
    place: { endpoint: 'tcp://127.0.0.1:*', client: keys.publicKey },
    directory: undefined,
    reach: told => {
      const { endpoint, serverKey } = parseJson(told ?? 'null') as ChildReached
      return { endpoint: endpoint as Endpoint, security: curveClient({ keys, serverKey }) }
    },
    clear: () => undefined,
  }
}
