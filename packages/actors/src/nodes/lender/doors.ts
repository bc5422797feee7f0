import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { hideSocket, type HiddenSocket } from '@zera/core/internal'
import { makePrivateFolder } from '../folders/private-folder.js'

/** Where one thread of a node is reached. */
export interface DoorPlace {
  /** What it binds. */
  readonly endpoint: string
  /** It has bound that, as it says. Returns where others reach it. */
  bound(endpoint: string): string
  /** The thread has ended, or was not started. */
  close(): void
}

/** Where the threads of one session are reached. */
export interface Doors {
  /**
   * @param thread Names it among those of the session.
   * @throws {Error} When there is no place for it.
   */
  open(thread: string): DoorPlace
  /** The session is over, and all doors are closed. */
  close(): void
}

/**
 * How the doors of a node lie: `beside` the node's own endpoint, on a free port of the same interface or a path next to
 * it; `private`, in a folder next to it that only this user can open; or `hidden`, on no path at all where that can be
 * had, for processes of the same user on this machine. While a thread starts its door lies in a private folder, whose
 * name begins as that of the folder of the node's endpoint; where none can be hidden it stays there.
 */
export type DoorKind = 'beside' | 'private' | 'hidden'

export function openDoors(kind: DoorKind, endpoint: string): Doors {
  if (kind === 'hidden') return { open: () => hiddenDoor(`${dirname(pathOf(endpoint))}-`), close: () => undefined }
  if (endpoint.startsWith('tcp:'))
    return { open: () => plainDoor(endpoint.replace(/:\d+$/, ':*')), close: () => undefined }
  return kind === 'private' ? privateDoors(endpoint) : besideDoors(endpoint)
}

function besideDoors(endpoint: string): Doors {
  const session = randomBytes(4).toString('hex')
  return { open: thread => plainDoor(`${endpoint}.${session}.${thread}`), close: () => undefined }
}

function privateDoors(endpoint: string): Doors {
  let folder: string | undefined
  return {
    open: thread => {
      folder ??= makePrivateFolder(`${pathOf(endpoint)}.`)
      return plainDoor(`ipc://${folder}/${thread}`)
    },
    close: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function hiddenDoor(prefix: string): DoorPlace {
  const folder = makePrivateFolder(prefix)
  const path = join(folder, 'door')
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  let hidden: HiddenSocket | undefined
  return {
    endpoint: `ipc://${path}`,
    bound: endpoint => {
      hidden = hideSocket(path)
      if (hidden === undefined) return endpoint
      remove()
      return `ipc://${hidden.path}`
    },
    close: () => {
      hidden?.close()
      remove()
    },
  }
}

function plainDoor(endpoint: string): DoorPlace {
  return { endpoint, bound: bound => bound, close: () => undefined }
}

function pathOf(endpoint: string): string {
  return resolve(endpoint.slice('ipc://'.length))
}
