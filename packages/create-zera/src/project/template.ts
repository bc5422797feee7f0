import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import type { PackageManager } from './package-manager.js'

/** One file of a project: its path there, and what is in it. */
export interface ProjectFile {
  readonly path: string
  readonly text: string
}

/** What a project has that the template leaves open. */
export interface Project {
  readonly name: string
  /** The exact version of Zera that it uses. */
  readonly zera: string
  readonly packageManager: PackageManager
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
}

const NAME_IN_TEMPLATE = 'my-app'

/** Files that only one package manager reads, by their names in the template. */
const FILES_OF: Readonly<Record<string, PackageManager>> = { 'pnpm-workspace.yaml': 'pnpm', '_yarnrc.yml': 'yarn' }

/** What lies in the template when it was compiled and run there. */
const OUTPUTS = new Set(['node_modules', 'dist'])

/**
 * Reads the template in a folder as the files of a project. A name that begins with `_` there begins with a dot in the
 * project: npm leaves `.gitignore` out of packages.
 */
export async function readTemplate(folder: string, project: Project): Promise<ProjectFile[]> {
  const found = await pathsBelow(folder)
  const paths = found
    .filter(path => !OUTPUTS.has(path.split(sep)[0] ?? ''))
    .filter(path => (FILES_OF[path] ?? project.packageManager) === project.packageManager)
  return Promise.all(
    paths.toSorted().map(async path => ({
      path: join(dirname(path), basename(path).replace(/^_/, '.')),
      text: filledIn(path, await readFile(join(folder, path), 'utf8'), project),
    })),
  )
}

/** Folder by folder: where yarn runs a package from its archive, a recursive `readdir` gives entries no parents. */
async function pathsBelow(folder: string, path = ''): Promise<string[]> {
  const entries = await readdir(join(folder, path), { withFileTypes: true })
  const paths = entries.map(async entry => {
    const below = join(path, entry.name)
    return entry.isDirectory() ? pathsBelow(folder, below) : [below]
  })
  return (await Promise.all(paths)).flat()
}

function filledIn(path: string, text: string, { name, zera, packageManager }: Project): string {
  if (path === 'package.json') return manifestOf(text, name, zera)
  const named = text.replaceAll(NAME_IN_TEMPLATE, name)
  return path === 'README.md' ? named.replaceAll(/`npm (start|test|run|install)/g, `\`${packageManager} $1`) : named
}

function manifestOf(text: string, name: string, zera: string): string {
  const manifest = JSON.parse(text) as Manifest
  const dependencies = Object.fromEntries(Object.keys(manifest.dependencies).map(dependency => [dependency, zera]))
  return `${JSON.stringify({ ...manifest, name, dependencies }, undefined, 2)}\n`
}
