import fs, { type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join, parse, resolve, sep } from 'node:path'
import { KeyFileError } from '../base/errors/errors.js'

// Node loads `fs.promises` where it is used, and few threads read keys.

/** What a file holds: only its owner may read a secret file. */
export type Secrecy = 'secret' | 'public'

/** Bytes that a file of keys may have; ours have about 250. */
const MAX_BYTES = 8192
/** As many links as Linux follows in one path. */
const MAX_LINKS = 40
/**
 * The number of the user of this process; `'none'` where files have no owners and modes, as on Windows: there their
 * access lists decide, which Node cannot read.
 */
type User = number | 'none'

/** Bits of a mode that let others than the owner write, and get at a file at all. */
const WRITE = 0o022
const ANY = 0o077
const STICKY = 0o1000

/**
 * Reads a file whose content decides which peers to trust. A user who could have written it could have put another key
 * there, so only this process's user and root may control the file and what leads to it.
 *
 * A pipe or a device is not waited for, and no more than 8 KiB are read of anything.
 *
 * @param user Without one, only what the file is and how large it is counts: it is up to the user of the machine that
 *   its access list lets no one else in.
 * @throws {KeyFileError} When the file is missing, no plain file, too large, of another user, or others can write it, a
 *   directory of its path, or, when it is secret, read it.
 */
export async function readTrustedFile(
  path: string,
  secrecy: Secrecy,
  user: User = process.geteuid?.() ?? 'none',
): Promise<string> {
  const file = await openFile(path)
  try {
    // The file that is checked is the one that is read, even if files are moved in the meantime.
    const found = await file.stat()
    expectFile(path, found)
    if (user !== 'none') expectOwn(path, found, secrecy, user)
    const place = user === 'none' ? undefined : await placeOf(path, user)
    if (place !== undefined && (place.dev !== found.dev || place.ino !== found.ino))
      throw new KeyFileError(path, 'it was replaced while it was read; read it again')
    return await readAll(path, file)
  } finally {
    await file.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Opening a pipe without a writer would block, and a terminal would become this process's own. Windows has neither
    // flag.
    const { constants, promises } = fs
    return await promises.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    throw cannotOpen(path, error)
  }
}

function expectFile(path: string, found: Stats): void {
  if (!found.isFile()) throw new KeyFileError(path, 'it is not a plain file; name one that zera keygen has written')
  if (found.size > MAX_BYTES) throw tooLarge(path, found.size)
}

/** Makes sure that no other user controls the file, or has read what is secret. */
function expectOwn(path: string, found: Stats, secrecy: Secrecy, user: number): void {
  if (isForeign(found, user))
    throw new KeyFileError(
      path,
      `it belongs to user ${found.uid}, who can write to it, and this process runs as ${user}; chown it, and check its contents`,
    )
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
  if (secrecy === 'secret' && (found.mode & ANY) !== 0) {
    throw new KeyFileError(
      path,
      `its mode is ${mode}, so other users can read or write it; chmod 600 it, and make new keys if others may have read it`,
    )
  }
  if ((found.mode & WRITE) !== 0)
    throw new KeyFileError(
      path,
      `its mode is ${mode}, so other users can write to it; chmod go-w it, and check its contents`,
    )
}

/**
 * Follows a path as the operating system does, and makes sure of each step: every directory, and every link. Answers
 * the file at its end.
 */
async function placeOf(path: string, user: number): Promise<Stats> {
  let left = partsOf(resolve(path))
  let place = parse(resolve(path)).root
  let links = 0
  try {
    for (;;) {
      const found = await fs.promises.lstat(place)
      if (found.isSymbolicLink()) {
        if (isForeign(found, user))
          throw new KeyFileError(
            path,
            `the link ${place} belongs to user ${found.uid}, who can point it elsewhere; name the file itself`,
          )
        if (++links > MAX_LINKS) throw new KeyFileError(path, 'its links go in circles; name the file itself')
        const target = resolve(dirname(place), await fs.promises.readlink(place))
        left = [...partsOf(target), ...left]
        place = parse(target).root
        continue
      }
      const next = left.shift()
      if (next === undefined) return found
      expectDirectory(path, place, found, user)
      place = join(place, next)
    }
  } catch (error) {
    throw error instanceof KeyFileError ? error : cannotOpen(path, error)
  }
}

function expectDirectory(path: string, directory: string, found: Stats, user: number): void {
  if (isForeign(found, user))
    throw new KeyFileError(
      path,
      `the directory ${directory} belongs to user ${found.uid}, who can replace the file; keep keys in a directory of your own`,
    )
  // With the sticky bit, as /tmp has it, others can add files and not replace ours.
  if ((found.mode & WRITE) !== 0 && (found.mode & STICKY) === 0)
    throw new KeyFileError(
      path,
      `other users can write to the directory ${directory} and replace the file; chmod go-w it, and check its contents`,
    )
}

/** Reads to the end, at most as much as is allowed: a file may grow while it is read. */
async function readAll(path: string, file: FileHandle): Promise<string> {
  const bytes = Buffer.alloc(MAX_BYTES + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length)
    length += bytesRead
    if (length > MAX_BYTES) throw tooLarge(path, length)
    if (bytesRead === 0) return bytes.toString('utf8', 0, length)
  }
}

/** Whether a user other than root and this process's user owns it, and so may write it whatever its mode says. */
function isForeign({ uid }: Stats, user: number): boolean {
  return uid !== user && uid !== 0
}

function partsOf(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(sep)
    .filter(part => part !== '')
}

function tooLarge(path: string, bytes: number): KeyFileError {
  return new KeyFileError(
    path,
    `it has ${bytes} bytes or more (limit ${MAX_BYTES}); name a file that zera keygen has written`,
  )
}

/** What the operating system says of a file. */
export function cannotOpen(path: string, error: unknown): KeyFileError {
  return new KeyFileError(
    path,
    `the operating system says ${(error as NodeJS.ErrnoException).code ?? String(error)}; check the path and its permissions`,
    { cause: error },
  )
}
