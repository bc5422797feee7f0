import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A packed package, unpacked again. */
export interface Tarball {
  readonly name: string
  /** The packed file. */
  readonly path: string
  /** Where its files lie. */
  readonly folder: string
  /** All of them, by their paths in it. */
  readonly files: readonly string[]
  readonly manifest: Manifest
}

/** What of a package.json the tests look at. */
interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Unpacks all tarballs of a folder into it. */
export async function unpackAll(folder: string): Promise<readonly Tarball[]> {
  const packed = (await readdir(folder)).filter(file => file.endsWith('.tgz'))
  return Promise.all(packed.map(file => unpack(join(folder, file))))
}

async function unpack(path: string): Promise<Tarball> {
  const into = path.replace(/\.tgz$/, '')
  await mkdir(into)
  await promisify(execFile)('tar', ['xzf', path, '-C', into])
  const folder = join(into, 'package')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  return { name: manifest.name, path, folder, files, manifest }
}
