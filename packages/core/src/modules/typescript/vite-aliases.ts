import { sep } from 'node:path'

/** The variable by which Vite's aliases come to threads: what `@zera/actors/vitest` writes into the environment. */
export const VITE_ALIASES = 'ZERA_VITE_ALIASES'

/** An alias as Vite has it; a pattern is written as its source and flags. */
export interface ViteAlias {
  readonly find: string | { readonly source: string; readonly flags: string }
  readonly replacement: string
}

/** The aliases of each project, by its root. */
export type ViteAliases = Readonly<Record<string, readonly ViteAlias[]>>

let read: ViteAliases | undefined

/** The path that a module of a project means by one of Vite's aliases. */
export function viteTarget(specifier: string, parent: string): string | undefined {
  read ??= parseAliases(process.env[VITE_ALIASES])
  return targetOf(specifier, parent, read)
}

/** The same, of given aliases. The project with the longest root counts, or the only one. */
export function targetOf(specifier: string, parent: string, projects: ViteAliases): string | undefined {
  const roots = Object.keys(projects).toSorted((a, b) => b.length - a.length)
  const root = roots.find(each => parent.startsWith(`${each}${sep}`)) ?? roots[0]
  for (const { find, replacement } of (root === undefined ? undefined : projects[root]) ?? []) {
    if (typeof find !== 'string') {
      const pattern = new RegExp(find.source, find.flags)
      if (pattern.test(specifier)) return specifier.replace(new RegExp(find.source, find.flags), replacement)
    } else if (specifier === find || specifier.startsWith(find.endsWith('/') ? find : `${find}/`))
      return replacement + specifier.slice(find.length)
  }
  return undefined
}

function parseAliases(text: string | undefined): ViteAliases {
  try {
    return JSON.parse(text ?? '{}') as ViteAliases
  } catch {
    return {}
  }
}
