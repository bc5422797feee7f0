import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CreateProjectError } from './create-project-error.js'
import type { ProjectFile } from './template.js'

/** What a folder may have in it already: a repository that is still empty. */
const MAY_BE_THERE = new Set(['.git'])

/**
 * Writes the files of a project into a folder, which it makes if there is none. When that fails, what it has written is
 * removed.
 *
 * @throws {CreateProjectError} With the reason `folder` when something else is in the folder, `files` when the file
 *   system refuses to read or write.
 */
export async function createProject(folder: string, files: readonly ProjectFile[]): Promise<void> {
  await expectEmpty(folder)
  let firstMade: string | undefined
  try {
    firstMade = await mkdir(folder, { recursive: true })
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text, { flag: 'wx' })
    }
  } catch (error) {
    await undo(folder, files, firstMade)
    throw refusal(folder, error)
  }
}

async function expectEmpty(folder: string): Promise<void> {
  const found = await entriesOf(folder)
  const others = found.filter(name => !MAY_BE_THERE.has(name))
  if (others.length === 0) return
  const what = others.length === 1 ? `${others[0]} is` : `${others.length} entries are, such as ${others[0]},`
  throw new CreateProjectError(
    'folder',
    `Cannot create a project in ${folder}: ${what} in that folder already; take another folder, or empty this one`,
  )
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted()
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        return []
      case 'ENOTDIR':
        throw new CreateProjectError(
          'folder',
          `Cannot create a project in ${folder}: there is a file of that name, or in its path; take another folder`,
          { cause: error },
        )
      default:
        throw refusal(folder, error)
    }
  }
}

/** Removes the folder if it is new, else what is new in it. */
async function undo(folder: string, files: readonly ProjectFile[], firstMade: string | undefined): Promise<void> {
  const written = new Set(files.map(({ path }) => join(folder, path.split(/[\\/]/)[0] ?? path)))
  const paths = firstMade === undefined ? written : [firstMade]
  await Promise.allSettled([...paths].map(path => rm(path, { recursive: true, force: true })))
}

function refusal(folder: string, error: unknown): CreateProjectError {
  const { message } = error as Error
  return new CreateProjectError(
    'files',
    `Cannot create a project in ${folder}: ${message}; see to that, and try again`,
    {
      cause: error,
    },
  )
}
