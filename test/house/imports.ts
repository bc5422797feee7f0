import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { parseSync } from 'rolldown/utils'

/** One import of a source file. */
export interface Import {
  /** The file that imports, from the package's `src` on. */
  readonly from: string
  /** What it imports: a file of the same package, from `src` on, or the name of another package. */
  readonly to: string
  readonly kind: 'file' | 'package'
  /** Whether it is an `import()`, which runs when it is wanted. */
  readonly isLate: boolean
}

const isSource = (file: string): boolean =>
  file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.endsWith('.test.ts') && !file.split('/').includes('fixtures')

/** The source files in a folder and those below it, without tests and fixtures. */
export function sourcesIn(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map(file => file.split(sep).join('/'))
    .filter(isSource)
    .toSorted()
}

/** All imports of a file, those of types with them. */
export function importsOf(src: string, from: string): Import[] {
  const text = readFileSync(join(src, from), 'utf8')
  const { staticImports, staticExports, dynamicImports } = parseSync(from, text).module
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
  ]
  const late = dynamicImports.flatMap(
    ({ moduleRequest: { start, end } }) => /^'(.*)'$/.exec(text.slice(start, end))?.[1] ?? [],
  )
  return [...new Set(requests)]
    .map(request => read(from, request, false))
    .concat(late.map(request => read(from, request, true)))
}

function read(from: string, request: string, isLate: boolean): Import {
  if (!request.startsWith('.')) return { from, to: request, kind: 'package', isLate }
  return {
    from,
    to: normalize(join(dirname(from), request))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts'),
    kind: 'file',
    isLate,
  }
}
