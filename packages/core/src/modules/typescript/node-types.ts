import * as nodeModule from 'node:module'

/** What TypeScript's types of Node 20 do not have yet. */
interface Strips {
  readonly stripTypeScriptTypes?: (
    text: string,
    options: { readonly mode: 'strip' | 'transform'; readonly sourceMap?: boolean; readonly sourceUrl?: string },
  ) => string
}

/**
 * Takes the types out of a text, as far as Node can: 20 not at all, 26 what leaves no code behind, those between enums
 * and parameter properties too. Undefined when it cannot.
 */
export function stripTypes(text: string, path: string): string | undefined {
  const { stripTypeScriptTypes } = nodeModule as Strips
  if (stripTypeScriptTypes === undefined) return undefined
  return quietly(() => {
    try {
      return stripTypeScriptTypes(text, { mode: 'strip' })
    } catch {
      try {
        return stripTypeScriptTypes(text, { mode: 'transform', sourceMap: true, sourceUrl: path })
      } catch {
        return undefined
      }
    }
  })
}

/** Without Node's warning that this is an experiment, in each thread. */
function quietly<T>(run: () => T): T {
  // oxlint-disable-next-line typescript/unbound-method -- It is put back as it was.
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return run()
  } finally {
    process.emitWarning = emitWarning
  }
}
