import { posix, win32 } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A path of Windows parses as a URL whose scheme is the letter of its drive; no scheme has a single letter. */
const DRIVE = /^[a-z]:/i

/**
 * The address of a module that a user names by its URL or by an absolute path, such as `__filename`. A URL stays as it
 * was written, since it is compared with others.
 *
 * @param action What is not done otherwise, as `define an actor`.
 * @param what What has this address, as `its module`.
 * @param remedy What to pass, as `import.meta.url, or __filename in a CommonJS module`.
 * @throws {TypeError} When it is neither.
 */
export function expectModuleUrl(action: string, what: string, named: unknown, remedy: string): string {
  if (named === undefined)
    throw new TypeError(
      `Cannot ${action}: the address of ${what} is undefined, as import.meta.url is where a bundler writes CommonJS; let it write ES modules, or define import.meta.url as __filename there`,
    )
  const url = moduleUrl(named)
  if (url === undefined)
    throw new TypeError(
      `Cannot ${action}: the address of ${what}, ${describe(named)}, is neither a URL nor an absolute path; pass ${remedy}`,
    )
  return url
}

/** The address of a module; undefined for what is neither a URL nor an absolute path on this platform. */
export function moduleUrl(named: unknown, isWindows: boolean = process.platform === 'win32'): string | undefined {
  const text = textOf(named)
  if (text === undefined) return undefined
  if ((isWindows ? win32 : posix).isAbsolute(text)) return pathToFileURL(text, { windows: isWindows }).href
  return DRIVE.test(text) || !URL.canParse(text) ? undefined : text
}

/** The class of a URL may be that of another realm. */
function textOf(named: unknown): string | undefined {
  const text = typeof named === 'object' && named !== null ? (named as Partial<URL>).href : named
  return typeof text === 'string' ? text : undefined
}

function describe(named: unknown): string {
  return typeof named === 'string' ? `"${named}"` : `a value of type ${typeof named}`
}
