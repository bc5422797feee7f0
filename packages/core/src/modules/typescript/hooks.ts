import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isTypeScript } from '../import-user-module.js'
import { compile } from './compile.js'
import { aliasOf, fileBehind } from './other-file.js'

interface ResolveContext {
  readonly parentURL?: string | undefined
}

interface LoadContext {
  readonly importAttributes?: Readonly<Record<string, string>>
}

interface Loaded {
  readonly format?: string | null | undefined
  readonly source?: unknown
  readonly shortCircuit?: boolean
}

type Resolve<R> = (specifier: string, context: ResolveContext) => R
type Load<L> = (url: string, context: LoadContext) => L

// These step in where all others fail: Node itself, and loaders of the user's.

/** The hook of an `import` or `require`, in the thread that makes it. */
export function resolveSync<R>(specifier: string, context: ResolveContext, next: Resolve<R>): R {
  const alias = aliasOf(specifier, context.parentURL)
  if (alias !== undefined) return next(alias, context)
  try {
    return next(specifier, context)
  } catch (error) {
    const other = fileBehind(specifier, context.parentURL)
    if (other === undefined) throw error
    return next(other, context)
  }
}

/** The hook of what is imported or required, in the thread that does. */
export function loadSync(url: string, context: LoadContext, next: Load<Loaded>): Loaded {
  const json = plainJson(url, context)
  if (json !== undefined) return json
  if (!isOurs(url)) return next(url, context)
  try {
    return compiled(url, next(url, context))
  } catch (error) {
    return compiledAfter(error, url)
  }
}

/** The hook of an `import`, in the thread of hooks. */
export async function resolve<R>(specifier: string, context: ResolveContext, next: Resolve<Promise<R>>): Promise<R> {
  const alias = aliasOf(specifier, context.parentURL)
  if (alias !== undefined) return next(alias, context)
  try {
    return await next(specifier, context)
  } catch (error) {
    const other = fileBehind(specifier, context.parentURL)
    if (other === undefined) throw error
    return next(other, context)
  }
}

/** The hook of what is imported, in the thread of hooks. */
export async function load(url: string, context: LoadContext, next: Load<Promise<Loaded>>): Promise<Loaded> {
  const json = plainJson(url, context)
  if (json !== undefined) return json
  if (!isOurs(url)) return next(url, context)
  try {
    return compiled(url, await next(url, context))
  } catch (error) {
    return compiledAfter(error, url)
  }
}

function isOurs(url: string): boolean {
  return isTypeScript(url) && isOfProject(url)
}

function isOfProject(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/')
}

/** Compilers and bundlers import JSON without an attribute, and Node does not. */
function plainJson(url: string, { importAttributes }: LoadContext): Loaded | undefined {
  if (!/\.json(?:[?#]|$)/.test(url) || importAttributes === undefined || 'type' in importAttributes) return undefined
  if (!isOfProject(url)) return undefined
  return { format: 'module', source: `export default ${readFileSync(fileURLToPath(url), 'utf8')}`, shortCircuit: true }
}

/** Node gives the types of what it loads itself away later, where nothing can step in any more. */
function compiled(url: string, loaded: Loaded): Loaded {
  const { format, source } = loaded
  if (typeof format !== 'string' || !format.endsWith('-typescript')) return loaded
  const text = source === null || source === undefined ? readFileSync(fileURLToPath(url), 'utf8') : textOf(source)
  const code = compile(fileURLToPath(url), text, format.startsWith('commonjs') ? 'commonjs' : 'module')
  return code === undefined ? loaded : { ...code, shortCircuit: true }
}

/** @throws The error, when that is no matter of TypeScript, or there is no compiler. */
function compiledAfter(error: unknown, url: string): Loaded {
  const { code = '' } = error as { readonly code?: string }
  if (code !== 'ERR_UNKNOWN_FILE_EXTENSION' && !/^ERR_(UNSUPPORTED|INVALID)_TYPESCRIPT_SYNTAX$/.test(code)) throw error
  const path = fileURLToPath(url)
  const made = compile(path, readFileSync(path, 'utf8'), undefined)
  if (made === undefined) throw error
  return { ...made, shortCircuit: true }
}

function textOf(source: unknown): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array)
}
