import { closeSync, openSync, rmSync, statSync } from 'node:fs'

/** Of Linux: a descriptor that names a file without opening it, as a socket cannot be opened. */
const O_PATH = 0o10000000

/**
 * A socket that listens on no path any more. It is reached through the process that holds it, by processes of the same
 * user, and goes with that process.
 */
export interface HiddenSocket {
  /** Where processes of the same user reach it. */
  readonly endpoint: string
  /** Nobody reaches it any more. */
  close(): void
}

/**
 * Takes the path of a socket that listens away, so that nothing of it is left whatever ends this process: it holds the
 * file by a descriptor, and `/proc` leads others to that. The kernel lets nobody but this user and the superuser follow
 * it.
 *
 * @returns Undefined where that cannot be done: not on Linux, without `/proc`, or when this process may not be looked
 *   into by its own user. The path is as it was then.
 */
export function hideSocket(path: string): HiddenSocket | undefined {
  if (process.platform !== 'linux') return undefined
  let descriptor: number | undefined
  try {
    // A program with privileges of its own is not looked into by others of its user.
    if (statSync('/proc/self/fd').uid !== process.geteuid?.()) return undefined
    descriptor = openSync(path, O_PATH)
    if (!statSync(`/proc/${process.pid}/fd/${descriptor}`).isSocket()) throw new Error('it is no socket')
    rmSync(path)
  } catch {
    if (descriptor !== undefined) closeSync(descriptor)
    return undefined
  }
  const held = descriptor
  let isOpen = true
  return {
    endpoint: `ipc:///proc/${process.pid}/fd/${held}`,
    close: () => {
      if (isOpen) closeSync(held)
      isOpen = false
    },
  }
}
