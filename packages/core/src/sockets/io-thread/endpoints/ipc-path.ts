import { chmodSync, lstatSync } from 'node:fs'
import { uninterrupted } from '../../../native/uninterrupted.js'
import type { Socket } from '../../../native/zeromq.js'

/** Which users may connect to a socket that is bound to a path. */
export type IpcAudience = 'owner' | 'umask'

/** Zeromq.js can set more options than it has names for. */
interface OptionSetter {
  setInt32Option(option: number, value: number): void
}

const SCHEME = 'ipc://'
const IS_LINUX = process.platform === 'linux'
const OWNER_ONLY = 0o600
/** A user whose processes may connect, by what the kernel says of them; once one is set, no others may. */
const ZMQ_IPC_FILTER_UID = 59
/** Whether the system tells this build of ZeroMQ which user connects. */
let knowsUsers = true

/** Whether an endpoint is a path, or a name, of ipc. */
export function isIpc(endpoint: string): boolean {
  return endpoint.startsWith(SCHEME)
}

/**
 * Makes a socket accept ipc connections only from this user and from root, whatever the mode of the file, and also
 * where there is no file. Only for a socket that is not plugged in yet.
 */
export function admitOwner(native: Socket): void {
  const user = process.geteuid?.()
  if (user === undefined) return
  try {
    for (const allowed of new Set([user, 0]))
      (native as unknown as OptionSetter).setInt32Option(ZMQ_IPC_FILTER_UID, allowed)
  } catch (error) {
    // Where the system does not tell, the mode of the file decides.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    knowsUsers = false
  }
}

/**
 * Lets `take` use a path in the same turn in which it was found free, so that no other bind of this process comes in
 * between.
 *
 * @param take Its argument says whether a socket is there whose process has died.
 * @throws With `EEXIST` for a plain file, a link or anything else that is no socket, `EISDIR` for a directory,
 *   `EADDRINUSE` for a socket on which a process listens: nothing was touched then.
 */
export async function whenPathIsFree<T>(path: string, take: (isStale: boolean) => T): Promise<T> {
  let stale: string | undefined
  for (let found = staleSocketAt(path); found !== stale; found = staleSocketAt(path)) {
    if (found !== undefined && (await isListening(path)))
      throw withCode('EADDRINUSE', 'a process listens on the socket')
    stale = found
  }
  return take(stale !== undefined)
}

/**
 * Binds a socket to a path. ZeroMQ removes whatever is at the path first, a plain file and a socket that is in use as
 * well, and makes one that others may connect to as far as the umask lets them. So this looks at the path before.
 *
 * Two processes that bind the same path in the same moment may both find it free, as between this look and ZeroMQ's
 * unlink some microseconds pass. A file that is put there within these is lost.
 *
 * @param audience With `'owner'`, for a socket that `admitOwner` has seen, the file has mode 0600 right after the bind
 *   as well. With `'umask'` its mode is what the umask makes it.
 */
export async function bindIpc(native: Socket, endpoint: string, audience: IpcAudience): Promise<void> {
  const path = endpoint.slice(SCHEME.length)
  if (audience === 'owner' && isAbstract(path) && !knowsUsers)
    throw withCode('EOPNOTSUPP', 'every user of this machine could connect to it')
  const bind = (): Promise<void> | undefined => {
    uninterrupted(() => native.bindSync(endpoint))
    return audience === 'owner' ? hide(native, native.lastEndpoint ?? endpoint) : undefined
  }
  // ZeroMQ makes a directory of its own for a wildcard, with mode 0700.
  if (path.startsWith('*')) await bind()
  else await whenPathIsFree(path, bind)
}

/**
 * The identity of a socket file that may be one of a process that has died; undefined when nothing is there.
 *
 * @throws When something else is there.
 */
function staleSocketAt(path: string): string | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (found === undefined) return undefined
  // ZeroMQ unlinks a file of the name before it binds a name that has none.
  if (isAbstract(path)) throw withCode('EEXIST', `a file is called ${path}`)
  if (found.isDirectory()) throw withCode('EISDIR', 'it is a directory')
  if (!found.isSocket()) throw withCode('EEXIST', 'it is not a socket')
  return `${found.dev}:${found.ino}:${found.ctimeNs}`
}

/**
 * Whether the socket has a listener, as far as can be known. If connecting fails for any reason other than a missing
 * listener, one may be there.
 */
async function isListening(path: string): Promise<boolean> {
  // Loaded on demand: most threads bind no path that exists.
  const { connect } = process.getBuiltinModule('node:net')
  const probe = connect({ path })
  try {
    return await new Promise<boolean>((resolve, reject) => {
      probe.on('connect', () => resolve(true))
      probe.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EMFILE' || error.code === 'ENFILE') reject(error)
        else resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
      })
    })
  } finally {
    probe.destroy()
  }
}

/** Begins in the same turn as the bind. A socket whose file cannot be hidden is not left open. */
async function hide(native: Socket, bound: string): Promise<void> {
  const path = bound.slice(SCHEME.length)
  if (isAbstract(path)) return
  try {
    chmodSync(path, OWNER_ONLY)
  } catch (error) {
    await native.unbind(bound)
    throw error
  }
}

function isAbstract(path: string): boolean {
  return IS_LINUX && path.startsWith('@')
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
