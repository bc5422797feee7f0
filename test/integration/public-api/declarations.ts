import { readFileSync } from 'node:fs'

/** A declaration of a module, as a user's compiler reads it. */
export interface Declaration {
  readonly name: string
  /** Without comments. */
  readonly text: string
  /** The module that declares it. */
  readonly module: URL
}

/** What a name of a module stands for in another one. */
interface Origin {
  readonly from: string
  readonly name: string
}

interface Module {
  readonly declared: ReadonlyMap<string, Declaration>
  /** The names that it takes from other modules, or passes on. */
  readonly taken: ReadonlyMap<string, Origin>
  readonly exported: ReadonlySet<string>
  readonly wholly: readonly string[]
}

const packages = new URL('../../../../packages/', import.meta.url)
const modules = new Map<string, Module>()

/** The module with the declarations of an entry: `@zera/core/testing`, for example. */
export function entryModule(entry: string): URL {
  const [, name = '', part = 'index'] = /^@zera\/(\w+)(?:\/(\w+))?$/.exec(entry) ?? []
  return new URL(`${name}/dist/${part === 'testing' ? 'testing/index' : part}.d.ts`, packages)
}

/** All that a module exports, by name. */
export function exportsOf(module: URL): Declaration[] {
  const { exported, wholly } = read(module)
  const own = [...exported].map(name => {
    const found = find(module, name)
    if (found === undefined) throw new Error(`${module.pathname} exports ${name}, which no module declares`)
    return found
  })
  return [...own, ...wholly.flatMap(from => exportsOf(target(module, from) as URL))].toSorted(byName)
}

/** The declarations that others refer to, also by way of each other, as far as they are not among the known. */
export function reachedFrom(from: readonly Declaration[], known: ReadonlySet<Declaration>): Declaration[] {
  const reached = new Set<Declaration>()
  const open = [...from]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const each of referredBy(next)) {
      if (known.has(each) || reached.has(each)) continue
      reached.add(each)
      open.push(each)
    }
  }
  return [...reached].toSorted(byName)
}

function referredBy({ text, module }: Declaration): Declaration[] {
  const far = [...text.matchAll(/import\("([^"]+)"\)\.(\w+)/g)].map(([, from = '', name = '']) => {
    const other = target(module, from)
    return other && find(other, name)
  })
  // Of lower case are values, properties and parameters, and only the first are referred to, by `typeof`.
  const names = text.replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''").matchAll(/(?<![.\w$])[A-Z]\w*|(?<=\btypeof )\w+/g)
  const near = [...new Set([...names].map(([name]) => name))].map(name => find(module, name))
  return [...far, ...near].filter(each => each !== undefined)
}

/** What a name stands for in a module; undefined for one of its own parameters, or of a package of others. */
function find(module: URL, name: string): Declaration | undefined {
  const { declared, taken, wholly } = read(module)
  const origin = taken.get(name)
  const other = origin && target(module, origin.from)
  if (origin !== undefined && other !== undefined) return find(other, origin.name)
  return declared.get(name) ?? wholly.map(from => find(target(module, from) as URL, name)).find(Boolean)
}

/** The module that a specifier means; undefined for packages of others. */
function target(module: URL, from: string): URL | undefined {
  if (from.startsWith('.')) return new URL(from.replace(/\.js$/, '.d.ts'), module)
  return from.startsWith('@zera/') ? entryModule(from) : undefined
}

function read(module: URL): Module {
  const known = modules.get(module.href)
  if (known !== undefined) return known
  const text = readFileSync(module, 'utf8')
    .replaceAll(/\/\*\*[^]*?\*\/|\/\/#.*/g, '')
    .replaceAll(/^\s*\n/gm, '')
  const declared = new Map<string, Declaration>()
  const taken = new Map<string, Origin>()
  const exported = new Set<string>()
  for (const block of text.split(/\n(?=(?:export|import|type|declare|interface|abstract|class) )/)) {
    const [, isExported, name] =
      /^(export )?(?:declare )?(?:abstract )?(?:class|function|interface|type|const|let) (\w+)/.exec(block) ?? []
    if (name === undefined) continue
    const before = declared.get(name)
    // A function has a declaration for each way to call it.
    declared.set(name, { name, module, text: before === undefined ? block.trim() : `${before.text}\n${block.trim()}` })
    if (isExported !== undefined) exported.add(name)
  }
  for (const [, verb, list = '', from = ''] of text.matchAll(/(import|export) (?:type )?\{([^}]*)\} from '([^']*)'/g)) {
    for (const item of list.split(',').filter(part => part.trim() !== '')) {
      const [name = '', alias = name] = item.replace('type ', '').trim().split(' as ')
      taken.set(alias, { from, name })
      if (verb === 'export') exported.add(alias)
    }
  }
  const wholly = [...text.matchAll(/export \* from '([^']*)'/g)].map(([, from = '']) => from)
  const found: Module = { declared, taken, exported, wholly }
  modules.set(module.href, found)
  return found
}

function byName(one: Declaration, other: Declaration): number {
  const [a, b] = one.name === other.name ? [one.text, other.text] : [one.name, other.name]
  return a < b ? -1 : a > b ? 1 : 0
}
