import { TypeScriptError } from '../../base/errors/errors.js'

const REMEDY =
  'install tsx, esbuild, vite, or typescript before version 7, and threads compile with it; https://github.com/zera-js/zera/blob/main/docs/TYPESCRIPT.md says what each runner needs'

/** The error of a module of TypeScript, as far as that is what is wrong, with what to do. */
export function explain(thrown: unknown, url: string): unknown {
  const { code, message = '' } = (thrown ?? {}) as { readonly code?: string; readonly message?: string }
  const because = (what: string): TypeScriptError => new TypeScriptError(url, what, { cause: thrown })
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return because(`Node ${process.versions.node} loads no TypeScript, and the project has no compiler; ${REMEDY}`)
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
    return because(
      `Node ${process.versions.node} takes types away and compiles nothing, and the project has no compiler (${message}); ${REMEDY}`,
    )
  return thrown
}
