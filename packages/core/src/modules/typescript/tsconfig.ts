import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'

/** What loading needs of a project's tsconfig.json. */
export interface ProjectConfig {
  /** Aliases, as TypeScript has them: `{ '@/*': ['/project/src/*'] }`, with absolute paths. */
  readonly paths: Readonly<Record<string, readonly string[]>>
  readonly experimentalDecorators: boolean
  readonly emitDecoratorMetadata: boolean
  readonly useDefineForClassFields: boolean | undefined
  readonly jsxImportSource: string | undefined
}

interface RawConfig {
  readonly extends?: string | readonly string[]
  readonly compilerOptions?: Readonly<Record<string, unknown>>
}

const NONE: ProjectConfig = {
  paths: {},
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
  useDefineForClassFields: undefined,
  jsxImportSource: undefined,
}

const configs = new Map<string, ProjectConfig>()

/** The tsconfig.json of the file, which is the next one above it. What cannot be read says nothing. */
export function configOf(directory: string): ProjectConfig {
  const known = configs.get(directory)
  if (known !== undefined) return known
  const file = join(directory, 'tsconfig.json')
  const above = dirname(directory)
  const config = existsSync(file) ? configIn(file) : above === directory ? NONE : configOf(above)
  configs.set(directory, config)
  return config
}

function configIn(file: string): ProjectConfig {
  const options = optionsIn(file, new Set())
  const { paths, experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields, jsxImportSource } = options
  return {
    paths: isRecord(paths) ? (paths as ProjectConfig['paths']) : {},
    experimentalDecorators: experimentalDecorators === true,
    emitDecoratorMetadata: emitDecoratorMetadata === true,
    useDefineForClassFields: typeof useDefineForClassFields === 'boolean' ? useDefineForClassFields : undefined,
    jsxImportSource: typeof jsxImportSource === 'string' ? jsxImportSource : undefined,
  }
}

/** The options of a file over those that it extends. Its paths are absolute, since each file means its own folder. */
function optionsIn(file: string, seen: Set<string>): Readonly<Record<string, unknown>> {
  if (seen.has(file)) return {}
  seen.add(file)
  const raw = readConfig(file)
  const bases = typeof raw.extends === 'string' ? [raw.extends] : (raw.extends ?? [])
  const own = { ...raw.compilerOptions }
  const { baseUrl, paths } = own
  const folder = typeof baseUrl === 'string' ? resolve(dirname(file), baseUrl) : dirname(file)
  if (isRecord(paths)) own['paths'] = absolutePaths(paths, folder)
  return Object.assign({}, ...bases.map(base => optionsIn(baseFile(base, file), seen)), own) as Record<string, unknown>
}

function absolutePaths(paths: Readonly<Record<string, unknown>>, folder: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]) => [
      pattern,
      (Array.isArray(targets) ? targets : []).map(target => resolve(folder, String(target))),
    ]),
  )
}

function baseFile(base: string, file: string): string {
  if (base.startsWith('.') || isAbsolute(base)) {
    const path = resolve(dirname(file), base)
    return path.endsWith('.json') ? path : `${path}.json`
  }
  const require = createRequire(file)
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`])
    try {
      return require.resolve(name)
    } catch {
      // It may go by the next name.
    }
  return base
}

function readConfig(file: string): RawConfig {
  try {
    const config: unknown = JSON.parse(withoutComments(readFileSync(file, 'utf8')))
    return isRecord(config) ? config : {}
  } catch {
    return {}
  }
}

/** Comments and trailing commas go; what stands in a text stays. */
export function withoutComments(text: string): string {
  return text
    .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, string: string | undefined) => string ?? '')
    .replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])/g, (_all, string: string | undefined) => string ?? '')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
