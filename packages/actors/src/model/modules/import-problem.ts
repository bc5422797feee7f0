import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeThrown } from '@zera/core/internal'

/** The endings of files that a compiler turns into others. */
const SOURCE = /\.(?:[cm]?ts|[jt]sx)$/

/** Why a module cannot be imported, and what to do about an address that a bundler has written. */
export function importProblem(url: string, error: unknown): string {
  const problem = `its module cannot be imported: ${describeThrown(error)}`
  return isLostSource(url)
    ? `${problem}; webpack writes the address of the source there, unless module.parser.javascript.importMeta is false`
    : problem
}

/** Whether an address is that of a source, as it lay where it was bundled: no compiled file, or none of this machine. */
function isLostSource(url: string): boolean {
  try {
    if (!url.startsWith('file:')) return false
    const path = fileURLToPath(url)
    return !existsSync(path) && (SOURCE.test(path) || !existsSync(dirname(path)))
  } catch {
    // It is the address of no file.
    return false
  }
}
