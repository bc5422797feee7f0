import { lstatSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { messageOf, parseEndpoint, UsageError } from '@zera/core/internal'
import { NODE_FOLDER_PREFIX, socketPathProblem } from '../nodes/folders/node-folder.js'
import { expectSafeFolder, isPrivateFolder, makePrivateFolder } from '../nodes/folders/private-folder.js'
import { removeStaleFolders } from '../nodes/folders/stale-folders.js'

/** Where a node is about to listen. */
export interface ListeningPlace extends Disposable {
  readonly endpoint: string
  /**
   * Binds there, so that without keys only this user can connect.
   *
   * @throws {UsageError} When others could connect anyway; nothing is bound then.
   */
  bind<S extends { readonly endpoint: string; stop(): Promise<void> }>(start: () => Promise<S>): Promise<S>
}

/** What a session adds to the path of a node's socket, for the doors of its threads. */
const LONGEST_DOOR = '.XXXXXX/1000000.10000'
const ONLY_OWNER = 0o077
const PERMISSIONS = 0o777

/**
 * Finds where a node listens. By default it is a socket in a folder of its own that only this user can open: in
 * `XDG_RUNTIME_DIR` if that is safe to use, else among temporary files. The node removes the folder at its end; the
 * next node removes the folder of a killed one. On Windows it is a port.
 *
 * @throws {UsageError} When other users could replace the node's socket with their own, or connect to it without a key.
 */
export async function findPlace(
  listen: string | undefined,
  hasKeys: boolean,
  platform = process.platform,
): Promise<ListeningPlace> {
  if (platform === 'win32' && listen?.startsWith('tcp:') !== true)
    throw new UsageError(
      'on Windows a node listens at a port alone; give it --listen tcp://HOST:PORT, with --keys and --clients',
    )
  if (listen === undefined) return ownPlace(await makeFolder())
  const isPath = parseEndpoint(listen).startsWith('ipc:')
  if (!isPath || hasKeys) return { endpoint: listen, bind: start => start(), [Symbol.dispose]: () => undefined }
  expectOwnPath(listen)
  const path = resolve(listen.slice('ipc://'.length))
  await removeStaleFolders(dirname(path), `${basename(path)}.`)
  return { endpoint: listen, bind: bindOwn, [Symbol.dispose]: () => undefined }
}

function ownPlace(folder: string): ListeningPlace {
  return {
    endpoint: `ipc://${join(folder, 'node')}`,
    bind: bindOwn,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function makeFolder(): Promise<string> {
  const parent = runtimeFolder() ?? resolve(tmpdir())
  const problem = socketPathProblem(join(parent, `${NODE_FOLDER_PREFIX}XXXXXX`, `node${LONGEST_DOOR}`))
  if (problem !== undefined)
    throw new UsageError(
      `there is no place for a socket in ${parent}: ${problem}; give --listen an endpoint, or set TMPDIR to a folder with a short path`,
    )
  await removeStaleFolders(parent, NODE_FOLDER_PREFIX)
  try {
    return makePrivateFolder(join(parent, NODE_FOLDER_PREFIX))
  } catch (error) {
    throw new UsageError(
      `there is no place for a socket in ${parent}: ${messageOf(error)}; give --listen an endpoint, or set TMPDIR to a folder of your own`,
      { cause: error },
    )
  }
}

/** The folder that the login has made for this user, if it belongs to no other user. */
function runtimeFolder(): string | undefined {
  const folder = process.env['XDG_RUNTIME_DIR']
  return folder !== undefined && isAbsolute(folder) && isPrivateFolder(folder) ? resolve(folder) : undefined
}

function expectOwnPath(listen: string): void {
  const path = listen.slice('ipc://'.length)
  const instead = 'give it a path in a folder of your own, leave --listen out, or give --keys and --clients'
  if (path.startsWith('@') || path.startsWith('*'))
    throw new UsageError(
      `--listen ${listen} is no path, and every user of this machine could connect to it; ${instead}`,
    )
  try {
    expectSafeFolder(dirname(resolve(path)))
  } catch (error) {
    throw new UsageError(`--listen ${listen} is not safe without keys: ${messageOf(error)}; ${instead}`, {
      cause: error,
    })
  }
}

/**
 * The file is never one that others may open: its mode is set by the umask when it is made. No thread runs user code
 * yet, whose files that would concern.
 */
async function bindOwn<S extends { readonly endpoint: string; stop(): Promise<void> }>(
  start: () => Promise<S>,
): Promise<S> {
  const before = process.umask(ONLY_OWNER)
  let server: S
  try {
    server = await start()
  } finally {
    process.umask(before)
  }
  const path = server.endpoint.slice('ipc://'.length)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  const isOwn =
    stats?.isSocket() === true &&
    (process.geteuid === undefined || stats.uid === process.geteuid()) &&
    (process.platform === 'win32' || (stats.mode & PERMISSIONS & ONLY_OWNER) === 0)
  if (isOwn) return server
  await server.stop()
  throw new UsageError(
    `--listen ${server.endpoint} could be opened by other users of this machine; give it a path on a file system that keeps owners and modes, or give --keys and --clients`,
  )
}
