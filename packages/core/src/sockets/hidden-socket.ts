import { closeSync, openSync, rmSync, statSync } from 'node:fs'

/** Of Linux: a descriptor that names a file without opening it, as a socket cannot be opened. */
const O_PATH = 0o10000000

/**
 * A socket that no longer listens on a path. Processes of the same user reach it through the process that holds it, and
 * it ends with that process.
 */
export interface HiddenSocket {
  /** Where this process, and others of the same user, reach it. */
  readonly path: string
  /** Makes it unreachable. */
  close(): void
}

/**
 * Removes the path of a listening socket, so that nothing of it stays behind, whatever ends this process. The process
 * holds the file by a descriptor, which others reach through `/proc`. The kernel lets only this user and the superuser
 * follow that path.
 *
 * @returns Undefined where that is impossible: outside Linux, without `/proc`, or when its own user may not inspect
 *   this process. The path then stays as it was.
 */
export function hideSocket(path: string): HiddenSocket | undefined {
  if (process.platform !== 'linux') return undefined
  let descriptor: number | undefined
  try {
    // Other processes of its user may not inspect a program with privileges of its own.
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
    path: `/proc/${process.pid}/fd/${held}`,
    close: () => {
      if (isOpen) closeSync(held)
      isOpen = false
    },
  }
}
