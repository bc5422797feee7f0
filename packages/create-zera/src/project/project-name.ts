import { basename, resolve } from 'node:path'
import { CreateProjectError } from './create-project-error.js'

/** What npm takes as the name of a new package, without a scope. */
const NAME = /^[a-z0-9][a-z0-9._-]*$/
const MAX_LENGTH = 214
/** Names that npm refuses, and those that would stand for a dependency of the project. */
const RESERVED = new Set(['node_modules', 'favicon.ico', 'typescript', 'create-zera'])

/**
 * The name of the project in a folder: the last part of its path.
 *
 * @throws {CreateProjectError} With the reason `name`, when npm would refuse it.
 */
export function projectName(folder: string): string {
  const name = basename(resolve(folder))
  const problem = problemOf(name)
  if (folder === '' || problem !== undefined)
    throw new CreateProjectError(
      'name',
      `Cannot create a project in ${JSON.stringify(folder)}: ${problem ?? 'it names no folder'}; take a name such as my-app`,
    )
  return name
}

function problemOf(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `a name has at most ${MAX_LENGTH} characters`
  if (!NAME.test(name))
    return `a name has lower-case letters, digits, "-", "_" and ".", and begins with a letter or a digit; this is ${JSON.stringify(name)}`
  return RESERVED.has(name) ? `${JSON.stringify(name)} is the name of something else` : undefined
}
