import { dirname } from 'node:path'
import { createPathsMatcher, getTsconfig, type TsConfigJson } from 'get-tsconfig'

/** What loading needs of a project's tsconfig.json. */
export interface ProjectConfig {
  /** The paths that a name may mean by `paths`, the likeliest first; they are absolute, and may lack an ending. */
  readonly targetsOf: (specifier: string) => readonly string[]
  /** Those that change what compiled code does. */
  readonly options: Pick<TsConfigJson.CompilerOptions, (typeof OPTIONS)[number]>
}

const OPTIONS = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'jsxImportSource',
] as const

const NONE: ProjectConfig = { targetsOf: () => [], options: {} }

const cache: Parameters<typeof getTsconfig>[2] = new Map()
const configs = new Map<string, ProjectConfig>()

/** The tsconfig.json of a file, which is the next one above it. What cannot be read says nothing. */
export function configOf(file: string): ProjectConfig {
  const directory = dirname(file)
  const known = configs.get(directory)
  if (known !== undefined) return known
  const config = readConfig(directory)
  configs.set(directory, config)
  return config
}

function readConfig(directory: string): ProjectConfig {
  try {
    const found = getTsconfig(directory, 'tsconfig.json', cache)
    if (found === null) return NONE
    const targetsOf = createPathsMatcher(found) ?? NONE.targetsOf
    const { compilerOptions = {} } = found.config
    const options = Object.fromEntries(
      OPTIONS.filter(name => name in compilerOptions).map(name => [name, compilerOptions[name]]),
    )
    return { targetsOf, options }
  } catch {
    return NONE
  }
}
