import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ProjectConfig } from './tsconfig.js'

/** How Node is to take what was compiled. */
export type ModuleFormat = 'module' | 'commonjs'

/** A file that is to be compiled. */
interface Source {
  readonly path: string
  readonly text: string
  readonly format: ModuleFormat
  readonly options: ProjectConfig['options']
  readonly usesDecorators: boolean
}

/** A compiler that is installed. */
export interface Compiler {
  readonly name: string
  readonly takes: (source: Source) => boolean
  /** @throws What it throws for a text that is no TypeScript. */
  readonly compile: (source: Source) => string | undefined
}

type Require = NodeJS.Require
type Make = (load: Require) => Compiler | undefined

/**
 * Where compilers are found, the fastest first: the path of packages that leads to one, since a project has most of
 * them only through its runner. @swc/core is none of them: on Node 20 and 26 its addon ends the process with a
 * segmentation fault when a thread ends that has loaded it (hazard H16).
 */
const PLACES: readonly (readonly [path: readonly string[], make: Make])[] = [
  [['vitest', 'vite', 'rolldown'], rolldown],
  [['vite', 'rolldown'], rolldown],
  [['rolldown'], rolldown],
  [['typescript'], typescript],
  [['esbuild'], esbuild],
  [['tsx', 'esbuild'], esbuild],
  [['vitest', 'vite', 'esbuild'], esbuild],
  [['vite', 'esbuild'], esbuild],
]

/** The compilers that a file's project has, and those of the working directory. Each is loaded when it is first used. */
export function findCompilers(path: string): readonly Compiler[] {
  const found: Compiler[] = []
  for (const from of [path, join(process.cwd(), 'index.js')]) {
    for (const [names, make] of PLACES) {
      const owner = ownerOf(createRequire(from), names)
      const compiler = owner && late(owner, make, names.at(-1) as string)
      if (compiler !== undefined) found.push(compiler)
    }
  }
  return found
}

/** What loads the last of a path of packages, each found from the one before it. */
function ownerOf(from: Require, names: readonly string[]): Require | undefined {
  let require = from
  try {
    for (const name of names.slice(0, -1)) require = createRequire(require.resolve(`${name}/package.json`))
    require.resolve(`${names.at(-1)}/package.json`)
    return require
  } catch {
    return undefined
  }
}

function late(owner: Require, make: Make, name: string): Compiler {
  let made: Compiler | undefined
  let hasFailed = false
  const get = (): Compiler | undefined => {
    if (made !== undefined || hasFailed) return made
    try {
      made = make(owner)
    } catch {
      // It is installed for another platform, for example.
    }
    hasFailed = made === undefined
    return made
  }
  return {
    name,
    // Loading takes longer than any answer, so nothing is loaded for a file that no compiler of the name takes.
    takes: source => (name === 'rolldown' ? isForRolldown(source) : true) && get()?.takes(source) === true,
    compile: source => get()?.compile(source),
  }
}

interface Rolldown {
  readonly transformSync?: (
    path: string,
    text: string,
    options: object,
  ) => { readonly code: string; readonly errors: readonly Error[]; readonly map?: object }
}

/** What it makes of decorators imports helpers that are its own. */
function isForRolldown({ usesDecorators, format }: Source): boolean {
  return !usesDecorators && format === 'module'
}

function rolldown(load: Require): Compiler | undefined {
  const { transformSync } = load('rolldown/utils') as Rolldown
  return transformSync === undefined
    ? undefined
    : {
        name: 'rolldown',
        takes: isForRolldown,
        compile: ({ path, text, options }) => {
          const { code, errors, map } = transformSync(path, text, {
            lang: isTsx(path) ? 'tsx' : 'ts',
            sourcemap: true,
            tsconfig: false,
            ...(options.useDefineForClassFields === false
              ? {
                  assumptions: { setPublicClassFields: true },
                  typescript: { removeClassFieldsWithoutInitializer: true },
                }
              : {}),
          })
          if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`)
          return map === undefined ? code : `${code}\n${mapComment(JSON.stringify(map))}`
        },
      }
}

interface TypeScript {
  readonly version: string
  readonly ModuleKind: Readonly<Record<string, number>>
  readonly ScriptTarget: Readonly<Record<string, number>>
  readonly JsxEmit: Readonly<Record<string, number>>
  readonly transpileModule?: (text: string, options: object) => { readonly outputText: string }
}

/** TypeScript itself, before version 7: that compiles in a process of its own. */
function typescript(load: Require): Compiler | undefined {
  const { transpileModule, ModuleKind, ScriptTarget, JsxEmit } = load('typescript') as TypeScript
  return transpileModule === undefined
    ? undefined
    : {
        name: 'typescript',
        takes: () => true,
        compile: ({ path, text, format, options }) =>
          transpileModule(text, {
            fileName: path,
            compilerOptions: {
              module: format === 'module' ? ModuleKind['ESNext'] : ModuleKind['CommonJS'],
              target: ScriptTarget['ES2022'],
              esModuleInterop: true,
              inlineSourceMap: true,
              inlineSources: true,
              jsx: JsxEmit['ReactJSX'],
              ...options,
            },
          }).outputText,
      }
}

interface Esbuild {
  readonly transformSync: (text: string, options: object) => { readonly code: string }
}

/** It leaves no metadata of decorators. */
function esbuild(load: Require): Compiler {
  const { transformSync } = load('esbuild') as Esbuild
  return {
    name: 'esbuild',
    takes: () => true,
    compile: ({ path, text, format, options }) =>
      transformSync(text, {
        loader: isTsx(path) ? 'tsx' : 'ts',
        format: format === 'module' ? 'esm' : 'cjs',
        sourcefile: path,
        sourcemap: 'inline',
        target: 'node20',
        jsx: 'automatic',
        tsconfigRaw: { compilerOptions: options },
      }).code,
  }
}

function isTsx(path: string): boolean {
  return path.endsWith('.tsx')
}

function mapComment(map: string): string {
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
}
