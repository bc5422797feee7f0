import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/**
 * What makes this thread load as the main thread does. Undefined when its flags have done so already, or there is
 * nothing to be done.
 *
 * Loaders by `--import` come to each thread with its flags. tsx alone leaves threads out, where Node's hooks have a
 * thread of their own.
 */
export function loaderOfMain(): (() => Promise<void>) | undefined {
  if (isMainThread || !hasTsxOnlyInMain(process.versions.node)) return undefined
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  const folder = tsxFolder(flags)
  return folder === undefined ? undefined : () => registerTsx(folder)
}

/** Whether tsx registers hooks in the main thread alone, which it does where Node runs them in a thread of their own. */
export function hasTsxOnlyInMain(version: string): boolean {
  return Number(version.split('.')[0]) < 22
}

/** The folder of tsx, when the flags of Node name it: `--import tsx`, or the path of its module. */
export function tsxFolder(flags: readonly string[], cwd = process.cwd()): string | undefined {
  for (const flag of flags) {
    const value = flag.slice(flag.startsWith('--') && flag.includes('=') ? flag.indexOf('=') + 1 : 0)
    if (value === 'tsx' || value === 'tsx/esm') return packageFolder(cwd)
    const path = /^(.*[\\/]tsx)[\\/]dist[\\/](?:loader|esm[\\/]index)\.mjs$/.exec(value)?.[1]
    if (path !== undefined) return path.startsWith('file:') ? fileURLToPath(path) : path
  }
  return undefined
}

function packageFolder(cwd: string): string | undefined {
  try {
    return dirname(createRequire(join(cwd, 'index.js')).resolve('tsx/package.json'))
  } catch {
    return undefined
  }
}

async function registerTsx(folder: string): Promise<void> {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as TsxPackage
  for (const api of ['./cjs/api', './esm/api'] as const) {
    const url = pathToFileURL(join(folder, exports[api].import.default)).href
    ;((await import(url)) as { register(): unknown }).register()
  }
}

interface TsxPackage {
  readonly exports: Readonly<Record<'./cjs/api' | './esm/api', { readonly import: { readonly default: string } }>>
}
