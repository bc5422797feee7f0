import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { maxSocketPathBytes, messageOf } from '@zera/core/internal'
import { NodeFolderError } from '../../model/errors.js'
import { expectSafeFolder } from './private-folder.js'

/** The prefix of the names of folders for the sockets of nodes. */
export const NODE_FOLDER_PREFIX = 'zera-node-'
/** What is added to that: the name of a folder, that of another for the door of a thread, and of a socket in it. */
const LONGEST_SOCKET = 'XXXXXX-XXXXXX/node'

/**
 * Finds a path for the folder of a node's socket. The node itself makes the folder, so nothing stays behind when this
 * process is killed before it tells the node. No other process can know its name in advance.
 *
 * @throws {NodeFolderError} When it cannot be made, others could replace it, or the paths of the sockets in it would be
 *   too long.
 */
export function findNodeFolder(node: string): string {
  const parent = resolve(tmpdir())
  const problem = socketPathProblem(join(parent, `${NODE_FOLDER_PREFIX}${LONGEST_SOCKET}`))
  if (problem !== undefined) throw new NodeFolderError(node, parent, problem)
  try {
    expectSafeFolder(parent)
    rmdirSync(mkdtempSync(join(parent, NODE_FOLDER_PREFIX)))
    return join(parent, `${NODE_FOLDER_PREFIX}${randomBytes(3).toString('hex')}`)
  } catch (error) {
    throw new NodeFolderError(node, parent, messageOf(error), { cause: error })
  }
}

/** Why the path of a socket is too long for the system; undefined when it is not. */
export function socketPathProblem(path: string, platform = process.platform): string | undefined {
  const [bytes, limit] = [Buffer.byteLength(path), maxSocketPathBytes(platform)]
  return bytes > limit ? `the path of a socket in it would have ${bytes} bytes (limit ${limit})` : undefined
}

/** Removes a folder that `findNodeFolder` has found, with the folders for doors next to it that a killed node has left. */
export function removeNodeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const [parent, prefix] = [dirname(folder), `${basename(folder)}-`]
  for (const name of namesIn(parent))
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
