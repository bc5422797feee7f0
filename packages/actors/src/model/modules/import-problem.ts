import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeThrown } from '@zera/core/internal'

/** Why a module cannot be imported, and what to do about an address that a bundler has written. */
export function importProblem(url: string, error: unknown): string {
  const problem = `its module cannot be imported: ${describeThrown(error)}`
  return isMissing(url)
    ? `${problem}; webpack writes the address of the source there, unless module.parser.javascript.importMeta is false`
    : problem
}

function isMissing(url: string): boolean {
  try {
    return url.startsWith('file:') && !existsSync(fileURLToPath(url))
  } catch {
    // It is the address of no file.
    return false
  }
}
