import { lstatSync, mkdtempSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY = 0o700
const PERMISSIONS = 0o777
const STICKY = 0o1000
const WRITABLE_BY_GROUP = 0o020
const WRITABLE_BY_OTHERS = 0o002

/** The owner of what this process makes; undefined where files have no owners. */
function self(): { readonly uid: number; readonly gid: number } | undefined {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()]
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

/**
 * Makes a folder that only this user can open, under a free name.
 *
 * @param prefix The start of its path; six characters follow.
 * @throws {Error} When there is no place for it, or the folder it would lie in is not safe.
 */
export function makePrivateFolder(prefix: string): string {
  expectSafeFolder(dirname(prefix))
  const folder = mkdtempSync(prefix)
  if (!isPrivateFolder(folder)) throw new Error(`${folder} is not what was made there: others can open it`)
  return folder
}

/** Whether a path is a folder of this user that no other user can open. A link to one does not count. */
export function isPrivateFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory() !== true) return false
  const me = self()
  return me === undefined || (stats.uid === me.uid && (stats.mode & PERMISSIONS & ~OWNER_ONLY) === 0)
}

/**
 * Checks that another user cannot put something else where this process has made something: in all folders above it,
 * what one user makes only that user can move away. The superuser is trusted.
 *
 * @throws {Error} When one can be written by others and has no sticky bit, or is another user's; or there is none.
 */
export function expectSafeFolder(folder: string): void {
  const me = self()
  const real = realpathSync(folder)
  if (me === undefined) return
  for (let path = real; ; path = dirname(path)) {
    const { uid, gid, mode } = statSync(path)
    const isForeign = uid !== me.uid && uid !== 0
    const isOpen =
      (mode & WRITABLE_BY_OTHERS) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid !== me.gid && gid !== 0)
    if ((mode & STICKY) === 0 && (isForeign || isOpen))
      throw new Error(
        `other users may replace what lies in ${path}; use a folder that they cannot write to, or set its sticky bit`,
      )
    if (path === dirname(path)) return
  }
}
