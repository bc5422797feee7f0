import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startProcess, type DetachedProcess, type Endpoint } from '@zera/core/internal'
import { NODE_PROCESS } from '../../entry-urls.js'
import { NodeUnreachableError } from '../../model/errors.js'
import { hideSocket } from '../control/hidden-socket.js'
import { findNodeFolder, NODE_FOLDER_PREFIX, removeNodeFolder } from '../folders/node-folder.js'
import { removeStaleFolders } from '../folders/stale-folders.js'

/** The options of a child. */
export interface ChildOptions {
  /** The name of the process. */
  readonly name: string
  /** The name of the node. */
  readonly node: string
  readonly startMs: number
  /** Aborts when the node is no longer needed. */
  readonly signal: AbortSignal
  /** Its limit, in MiB of resident memory. */
  readonly maxRssMb?: number | undefined
}

/** A node that is a child of the system's own process. */
export interface ChildNode {
  readonly process: DetachedProcess
  /** Where it is reached. */
  readonly endpoint: Endpoint
  /** Aborts when it has ended, with a NodeUnreachableError. */
  readonly gone: AbortSignal
  /** Resolves when it has ended and nothing is left of it. */
  readonly cleared: Promise<void>
}

/** Those that are there, by their directories; undefined while one is started. */
const children = new Map<string, DetachedProcess | undefined>()
let isWatched = false

/** Cleans up once per process after children that were killed with their systems. */
let swept: Promise<void> | undefined

/**
 * Starts one.
 *
 * @throws {NodeFolderError}
 * @throws {ThreadStartError} When it does not become ready; nothing is left of it
 * then.
 */
export async function startChildNode({ name, node, startMs, signal, maxRssMb }: ChildOptions): Promise<ChildNode> {
  const directory = ownDirectory(node)
  const path = join(directory, 'node')
  swept ??= removeStaleFolders(dirname(directory), NODE_FOLDER_PREFIX)
  try {
    const process = await startProcess(NODE_PROCESS, {
      name,
      startMs,
      signal,
      data: { endpoint: `ipc://${path}`, directory },
      ...(maxRssMb === undefined ? {} : { maxRssMb }),
    })
    children.set(directory, process)
    // It listens. What this process reaches needs no path, so none is left when both are killed.
    const hidden = hideSocket(path)
    if (hidden !== undefined) rmSync(directory, { recursive: true, force: true })
    const endpoint = (hidden?.endpoint ?? `ipc://${path}`) as Endpoint
    await swept
    const gone = new AbortController()
    const cleared = process.down.then(({ exitCode, error }) => {
      gone.abort(
        new NodeUnreachableError(
          node,
          endpoint,
          `its process has ended (${process.end?.signal ?? `exit code ${exitCode}`})`,
          { cause: error },
        ),
      )
      hidden?.close()
      // One that was killed may leave it behind.
      clear(directory)
    })
    return { process, endpoint, cleared, gone: gone.signal }
  } catch (error) {
    clear(directory)
    throw error
  }
}

/** The directory of its sockets. It does not outlive this process, whatever ends that. */
function ownDirectory(node: string): string {
  if (!isWatched) process.on('exit', endAll)
  isWatched = true
  const directory = findNodeFolder(node)
  children.set(directory, undefined)
  return directory
}

function clear(directory: string): void {
  removeNodeFolder(directory)
  children.delete(directory)
}

/**
 * This process cannot wait for anything at its end, and a child stuck in native code would not end by itself. A child
 * that is still starting ends as soon as it sees that its parent has gone.
 */
function endAll(): void {
  for (const [directory, child] of children) {
    child?.killNow()
    removeNodeFolder(directory)
  }
}
