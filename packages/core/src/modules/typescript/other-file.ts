import { statSync } from 'node:fs'
import { dirname, extname } from 'node:path'
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
  const targets = vite === undefined ? pathTargets(specifier, configOf(dirname(parent)).paths) : [vite]
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

/**
 * What TypeScript's `paths` make of a name. The pattern with the longest beginning counts, and one without a `*` before
 * all.
 */
export function pathTargets(specifier: string, paths: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const exact = paths[specifier]
  if (exact !== undefined && !specifier.includes('*')) return exact
  let best: { readonly length: number; readonly targets: readonly string[] } | undefined
  for (const [pattern, targets] of Object.entries(paths)) {
    const star = pattern.indexOf('*')
    if (star < 0 || (best !== undefined && star <= best.length)) continue
    const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
    if (specifier.length < before.length + after.length) continue
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) continue
    const middle = specifier.slice(before.length, specifier.length - after.length)
    best = { length: star, targets: targets.map(target => target.replace('*', () => middle)) }
  }
  return best?.targets ?? []
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
