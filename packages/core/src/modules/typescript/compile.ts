import { findCompilers, type Compiler, type ModuleFormat } from './compilers.js'
import { stripTypes } from './node-types.js'
import { configOf } from './tsconfig.js'

let compilers: readonly Compiler[] | undefined

/**
 * Compiles a file of TypeScript: with Node's own means where only types have to go, and else with the first compiler of
 * the project that can.
 *
 * @param format What Node took it for; undefined when it did not say.
 * @returns Undefined when nothing can.
 */
export function compile(
  path: string,
  text: string,
  format: ModuleFormat | undefined,
): { readonly format: ModuleFormat; readonly source: string } | undefined {
  const made = formatOf(path, text, format)
  const usesDecorators = hasDecorators(text)
  const { options } = configOf(path)
  if (!usesDecorators && !/\.[tj]sx$/.test(path)) {
    const stripped = stripTypes(text, path)
    if (stripped !== undefined) return { format: made, source: stripped }
  }
  compilers ??= findCompilers(path)
  for (const { takes, compile: run } of compilers) {
    const source = { path, text, format: made, options, usesDecorators }
    if (!takes(source)) continue
    const code = run(source)
    if (code !== undefined) return { format: made, source: code }
  }
  return undefined
}

/** `import` and `export` make an ES module, whatever its package says: compilers have taken both for a long time. */
function formatOf(path: string, text: string, format: ModuleFormat | undefined): ModuleFormat {
  if (path.endsWith('.cts')) return 'commonjs'
  if (path.endsWith('.mts') || format === 'module') return 'module'
  return /^\s*(?:import\b(?!\s*\(|\s+\w+\s*=\s*require)|export\b(?!\s*=))/m.test(text) || format === undefined
    ? 'module'
    : 'commonjs'
}

/** Whether a line begins with a decorator, or a parameter does. Too many is harmless. */
function hasDecorators(text: string): boolean {
  return /(?:^|[\s(,])@[A-Za-z_$]/m.test(text.replaceAll(/\/\*[\s\S]*?\*\//g, ''))
}
