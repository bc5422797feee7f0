import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { configOf } from './tsconfig.js'
import { viteTarget } from './vite-aliases.js'

/** What stands behind a name with this ending, where there is no file of the name. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json']

/** The address of what a module of the project means by an alias of Vite's or of its tsconfig.json. */
export function aliasOf(specifier: string, parentUrl: string | undefined): string | undefined {
  const parent = projectFile(parentUrl)
  if (parent === undefined || /^(?:\.{1,2}\/|\/|file:|node:|data:|#)/.test(specifier)) return undefined
  const vite = viteTarget(specifier, parent)
  const targets = vite === undefined ? configOf(parent).targetsOf(specifier) : [vite]
  for (const target of targets) {
    const file = existing(target)
    if (file !== undefined) return pathToFileURL(file).href
  }
  return undefined
}

/** The address of the file that a module of the project means by another name: `./x.js` or `./x` for `x.ts`. */
export function fileBehind(specifier: string, parentUrl: string | undefined): string | undefined {
  const parent = projectFile(parentUrl)
  if (parent === undefined || !/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier)) return undefined
  const url = new URL(specifier, parentUrl)
  const { search, hash } = url
  const file = existing(fileURLToPath(url))
  return file === undefined ? undefined : `${pathToFileURL(file).href}${search}${hash}`
}

/** The file that a path means. */
function existing(path: string): string | undefined {
  if (isFile(path)) return path
  const ending = extname(path)
  const stem = path.slice(0, path.length - ending.length)
  for (const written of WRITTEN_AS[ending] ?? []) if (isFile(stem + written)) return stem + written
  for (const added of ENDINGS) if (isFile(path + added)) return path + added
  for (const added of ENDINGS) if (isFile(`${path}/index${added}`)) return `${path}/index${added}`
  return undefined
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function projectFile(url: string | undefined): string | undefined {
  return url?.startsWith('file:') === true && !url.includes('/node_modules/') ? fileURLToPath(url) : undefined
}
