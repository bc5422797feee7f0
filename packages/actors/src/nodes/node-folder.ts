import { messageOf } from '@zera/core'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { NodeFolderError } from '../errors.js'

/** What the system takes as the path of a socket, without the byte that ends it: `sun_path` of `struct sockaddr_un`. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103
const PREFIX = 'zera-node-'
/** What `mkdtemp` and the sockets of a node add: that of a thread is the longest, with its number and its incarnation. */
const LONGEST_SOCKET = 'XXXXXX/node.1000000.10000'

/**
 * Finds a folder for a node's sockets, that the node makes: so nothing is left of one which this process, when it was killed, had not told anything.
 *
 * @throws {NodeFolderError} When it cannot be made, or the paths of the sockets in it would be too long.
 */
export function findNodeFolder(node: string): string {
  const parent = resolve(tmpdir())
  const longestBytes = Buffer.byteLength(join(parent, `${PREFIX}${LONGEST_SOCKET}`))
  if (longestBytes > MAX_PATH_BYTES) throw new NodeFolderError(node, parent, `the path of a socket in it would have ${longestBytes} bytes (limit ${MAX_PATH_BYTES})`)
  try {
    const folder = mkdtempSync(join(parent, PREFIX))
    rmdirSync(folder)
    return folder
  } catch (error) {
    throw new NodeFolderError(node, parent, messageOf(error), { cause: error })
  }
}
