import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** A project of a user, in a folder of its own, with the packages installed. */
export interface Project extends Disposable {
  readonly folder: string
  /** Its folder as a URL, which ends with a slash. */
  readonly url: URL
}

/** @param installed Packages besides those of Zera, as folders below the repository. */
export function createProject(files: Readonly<Record<string, string>>, installed = ['node_modules/@types']): Project {
  const folder = mkdtempSync(join(tmpdir(), 'zera-types-'))
  mkdirSync(join(folder, 'node_modules/@zera'), { recursive: true })
  for (const name of ['core', 'actors', 'devices', 'store'])
    symlinkSync(join(ROOT, 'packages', name), join(folder, 'node_modules/@zera', name))
  for (const path of installed) symlinkSync(join(ROOT, path), join(folder, path))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return {
    folder,
    url: pathToFileURL(`${folder}/`),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
