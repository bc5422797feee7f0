import { realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { messageOf } from '@zera/core/internal'
import { ModuleRefusedError } from '../errors.js'

/**
 * Where the modules of a program are, in the system's process and on a node: two directories, as URLs that end in a
 * slash.
 */
export interface ModuleRoots {
  readonly system: string
  /** With all links resolved, as modules know their own addresses. */
  readonly node: string
}

let roots: ModuleRoots | undefined

/**
 * Tells a thread of a node where modules are. From then on the system's addresses travel, and an address can only
 * import what is there.
 */
export function setModuleRoots(given: ModuleRoots): void {
  roots = given
}

/** Whether an address here is another one than the system's, and has to be translated. */
export function hasModuleRoots(): boolean {
  return roots !== undefined
}

/** The address by which the system knows a module of this thread. A module outside of the root keeps its own. */
export function systemUrl(url: string): string {
  return roots === undefined || !url.startsWith(roots.node) ? url : roots.system + url.slice(roots.node.length)
}

/**
 * Translates the address of a module from the system to this thread. Each import of such an address goes through here.
 *
 * On a node with a root it is a file in that root. The node resolves the address first, and then all links of its path.
 * It imports only what is still in the real root, by its real path. It does not check what the module itself imports. A
 * user who may write under the root can put another file there at any time, and needs no race for that.
 *
 * Without a root, in the system's own process and in its child nodes, it is the address itself.
 *
 * @throws {ModuleRefusedError} When it is not a file there.
 */
export function moduleHere(url: string, given: ModuleRoots | undefined = roots): string {
  if (given === undefined) return url
  const names = namesBelow(given.system, url)
  const root = fileURLToPath(given.node)
  const path = realPath(url, join(root, ...names))
  if (!isInside(path, root)) {
    throw new ModuleRefusedError(
      url,
      'a link leads from there to a file outside the root of the node; put the file itself there, or start the node with a --root that has both',
    )
  }
  const { search, hash } = new URL(url)
  return `${pathToFileURL(path).href}${search}${hash}`
}

/**
 * The names of the directories from the system's root to a module, and that of its file. Nothing is looked up.
 *
 * @throws {ModuleRefusedError}
 */
function namesBelow(root: string, url: string): readonly string[] {
  const names = namesOf(url)
  if (names === undefined)
    throw new ModuleRefusedError(
      url,
      'a node imports only files of its own, by file: URLs without a host and without encoded slashes; put the module into a file under the root',
    )
  const above = namesOf(root)
  if (above === undefined || above.length >= names.length || above.some((name, at) => name !== names[at])) {
    throw new ModuleRefusedError(
      url,
      `it lies outside the system's root ${root}, so the node cannot find its own copy; move it under that root, or pass another root to startSystem`,
    )
  }
  return names.slice(above.length)
}

/**
 * An encoded slash or NUL, which no file name contains. A backslash is allowed in names outside of Windows; refusing it
 * is no loss.
 */
const ENCODED_SEPARATOR = /%(2f|5c|00)/i

/**
 * The names in the path of a file: URL; undefined when it is not one. `..` is resolved by the parser of URLs, in each
 * of its spellings, and what is encoded twice is decoded once.
 */
function namesOf(text: string): readonly string[] | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  if (protocol !== 'file:' || host !== '' || ENCODED_SEPARATOR.test(pathname)) return undefined
  try {
    return pathname
      .split('/')
      .filter(name => name !== '')
      .map(name => decodeURIComponent(name))
  } catch {
    return undefined
  }
}

function realPath(url: string, path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw new ModuleRefusedError(
      url,
      `there is no such file under the root of the node: ${messageOf(error)}; install the same files there`,
      { cause: error },
    )
  }
}

function isInside(path: string, root: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
}
