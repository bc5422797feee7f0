// Makes the package in the current folder ready to be packed; npm and pnpm run it before they pack. What it writes is ignored by git.
//
// A library runs from its bundle, and its users see the declarations that its entries reach. The rest of `dist` is for
// this repository alone.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const IGNORED = join('dist', '.npmignore')
/** What stays at home of every package. */
const PATTERNS = ['/.npmignore', '*.map', '*.tsbuildinfo', '*.test.*', '*.js', '!/bundle/**/*.js']
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'))

writeChange('LICENSE', readFileSync(join(ROOT, 'LICENSE'), 'utf8'))
writeChange('CHANGELOG.md', changesOf(name.replace('@zera/', '')))

const wanted = new Set([
  ...declarationsFrom(Object.values(exports ?? {}).flatMap(({ types }) => types ?? [])),
  ...filesIn(join('dist', 'bundle')).filter(file => !file.endsWith('.map')),
])
// npm and pnpm heed such a file in a folder that `files` names. They match each pattern with each file, so it has few.
if (wanted.size > 0)
  writeChange(
    IGNORED,
    [...PATTERNS, ...unwantedIn('dist').map(path => `/${relative('dist', path).split(sep).join('/')}`), ''].join('\n'),
  )

/** The changes of one package: each line of the repository's names the packages that it is about. */
function changesOf(own) {
  return readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
    .split('\n')
    .filter(line => /^- ([a-z, -]+): /.exec(line)?.[1].split(', ').includes(own) ?? true)
    .join('\n')
}

/** The declarations that a program sees which imports the package. */
function declarationsFrom(entries) {
  const found = new Set()
  const left = entries.map(entry => join(entry))
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (found.has(file)) continue
    if (!existsSync(file)) throw new Error(`Cannot pack ${name}: ${file} is missing; run npm run build`)
    found.add(file)
    const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    for (const [, path] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g))
      left.push(join(dirname(file), `${path}.d.ts`))
  }
  return found
}

/** The folders in a folder that have nothing wanted, and where there is something, the other declarations. */
function unwantedIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path).some(file => wanted.has(file)) ? unwantedIn(path) : [path]
    return path.endsWith('.d.ts') && !path.endsWith('.test.d.ts') && !wanted.has(path) ? [path] : []
  })
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

/** Writes a file whole or not at all: the package may be packed by others at the same time. */
function writeChange(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, text)
  renameSync(fresh, file)
}
