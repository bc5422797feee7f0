import { dirname } from 'node:path'
import {
  startProcess,
  type DetachedProcess,
  type Endpoint,
  type RemoteSecurity,
  expectOwnModule,
} from '@zera/core/internal'
import { NODE_PROCESS } from '../../entry-urls.js'
import { NodeUnreachableError } from '../../model/errors.js'
import { NODE_FOLDER_PREFIX } from '../folders/node-folder.js'
import { removeStaleFolders } from '../folders/stale-folders.js'
import { findChildWay, type ChildWay } from './child-way.js'

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
  /** How it encrypts what goes there. */
  readonly security: RemoteSecurity
  /** Aborts when it has ended, with a NodeUnreachableError. */
  readonly gone: AbortSignal
  /** Resolves when it has ended and nothing is left of it. */
  readonly cleared: Promise<void>
}

/** Those that are there, by how they are reached; undefined while one is started. */
const children = new Map<ChildWay, DetachedProcess | undefined>()
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
  const way = ownWay(node)
  if (way.directory !== undefined) swept ??= removeStaleFolders(dirname(way.directory), NODE_FOLDER_PREFIX)
  try {
    const process = await startProcess(expectOwnModule('@zera/actors', NODE_PROCESS, name), {
      name,
      startMs,
      signal,
      data: way.place,
      ...(maxRssMb === undefined ? {} : { maxRssMb }),
    })
    children.set(way, process)
    const { endpoint, security } = way.reach(process.told)
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
      clear(way)
    })
    return { process, endpoint, security, cleared, gone: gone.signal }
  } catch (error) {
    clear(way)
    throw error
  }
}

/** The way to a child. Nothing of it outlives this process, whatever ends that. */
function ownWay(node: string): ChildWay {
  if (!isWatched) process.on('exit', endAll)
  isWatched = true
  const way = findChildWay(node)
  children.set(way, undefined)
  return way
}

function clear(way: ChildWay): void {
  way.clear()
  children.delete(way)
}

/**
 * This process cannot wait for anything at its end, and a child stuck in native code would not end by itself. A child
 * that is still starting ends as soon as it sees that its parent has gone.
 */
function endAll(): void {
  for (const [way, child] of children) {
    child?.killNow()
    way.clear()
  }
}
