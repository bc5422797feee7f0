import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../base/errors/usage-error.js'

/** Where every package has its commands. */
const MAIN = './dist/bundle/command/main.js'

/**
 * Finds the commands of a package: in the project of the current folder, or else beside the program that was called.
 *
 * @param program The file that Node was told to run.
 * @throws {UsageError} When it is not installed.
 */
export function findCommand(owner: string, folder: string, program: string | undefined): URL {
  const places = [join(folder, 'package.json'), ...(program === undefined ? [] : [realOf(program)])]
  for (const place of places) {
    try {
      return new URL(MAIN, pathToFileURL(createRequire(place).resolve(`${owner}/package.json`)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new UsageError(`${owner} is not installed here: npm install ${owner}`)
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
