// A thread imports whatever it runs anew, and a module of its own for each file takes most of its start: two hundred files 120 ms, a handful 35. So what users import is
// put together here from what tsc wrote.
//
// Comments are left out, since each thread reads all of it again: a third of the text. Names and lines stay, so a stack
// trace leads to code that can be read; users get no source maps, which would be larger than the code.
//
// Modules that others start by URL are entries, under the paths that they have in `dist`: each package's `entry-urls.ts` names them from the top, where the bundle has it too.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const PACKAGES = {
  core: [
    'index',
    'internal',
    'testing/index',
    'thread/inside/thread-entry',
    'thread/inside/process-entry',
    'modules/typescript/hooks-thread',
    'sockets/io-thread/io-thread',
    'command/main',
  ],
  actors: [
    'index',
    'internal',
    'testing/index',
    'vitest',
    'command/main',
    'host/host-thread',
    'jobs/inside/job-thread',
    'nodes/lender/node-process',
  ],
  devices: ['index', 'command/main', 'server/server-thread'],
  store: ['index', 'testing/index'],
  observer: ['index', 'command/main', 'serving/observer-thread'],
}

/**
 * What a thread that hosts actors loads lies in few files, since each costs it half a millisecond. A group has what all
 * of its entries load, but for what is in a group before it: so none imports from one behind it. The thread that reads
 * TypeScript needs little, so what it shares with others is a group of its own.
 */
const GROUPS = {
  core: {
    shared: ['modules/typescript/hooks-thread', 'internal'],
    thread: ['thread/inside/thread-entry'],
    internal: ['internal'],
  },
  actors: { base: ['index'], host: ['host/host-thread'] },
  devices: {},
  store: {},
  observer: {},
}

for (const [name, entries] of Object.entries(PACKAGES)) {
  const dist = join('packages', name, 'dist')
  const out = join(dist, 'bundle')
  const input = Object.fromEntries(entries.map(entry => [entry, join(dist, `${entry}.js`)]))
  const { version } = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8'))
  const bundle = await rolldown({
    input,
    // Where two copies meet, an error names both versions.
    transform: { define: { ZERA_VERSION: JSON.stringify(version) } },
    platform: 'node',
    external: id => !id.startsWith('.') && !id.startsWith('/') && !id.includes('\0'),
  })
  const { output } = await bundle.generate({
    format: 'esm',
    // Tests read the maps. They stay here, so no module names its map.
    sourcemap: 'hidden',
    entryFileNames: '[name].js',
    comments: false,
    chunkFileNames: 'chunk-[name]-[hash].js',
    codeSplitting: { groups: groupsOf(dist, entries, GROUPS[name]) },
  })
  await bundle.close()
  writeChanges(out, name === 'observer' ? [...output, ...(await pageFiles(dist))] : output)
  expectNamedModules(out)
}

/** The page of the observer: one script with all that it needs, small, since no thread of ours reads it. */
async function pageFiles(dist) {
  const bundle = await rolldown({ input: { page: join(dist, 'page', 'page.js') }, platform: 'browser' })
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    comments: false,
    entryFileNames: '[name].js',
  })
  await bundle.close()
  const asset = (fileName, source) => ({ fileName: `page/${fileName}`, type: 'asset', source })
  const sources = join('packages', 'observer', 'src', 'page')
  const chartStyle = createRequire(resolve('packages', 'observer', 'package.json')).resolve('uplot/dist/uPlot.min.css')
  return [
    ...output.map(({ fileName, code }) => asset(fileName, code)),
    asset('page.html', readFileSync(join(sources, 'page.html'), 'utf8')),
    asset('page.css', readFileSync(chartStyle, 'utf8') + readFileSync(join(sources, 'page.css'), 'utf8')),
  ]
}

/** The groups of modules, without the entries, which are files of their own. */
function groupsOf(dist, entries, groups) {
  const taken = new Set(entries.map(entry => resolve(dist, `${entry}.js`)))
  return Object.entries(groups).map(([group, loadedBy]) => {
    const [first, ...others] = loadedBy.map(entry => modulesOf(resolve(dist, `${entry}.js`)))
    const modules = new Set([...first].filter(file => !taken.has(file) && others.every(other => other.has(file))))
    for (const file of modules) taken.add(file)
    return { name: group, test: id => modules.has(id) }
  })
}

/** A module and all that is loaded with it, which is what it imports by its head. */
function modulesOf(file, modules = new Set()) {
  if (modules.has(file)) return modules
  modules.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^;]*?['"](\.[^'"]+)['"];$/gm))
    modulesOf(resolve(dirname(file), path), modules)
  return modules
}

/**
 * Writes what is new, and removes what is no more. What is as it was stays untouched: a thread that starts meanwhile
 * reads it.
 */
function writeChanges(out, output) {
  for (const { fileName, type, code, source } of output) {
    const file = join(out, fileName)
    const text = type === 'chunk' ? withBuiltinsAsTheyAre(code) : source
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const wanted = new Set(output.map(({ fileName }) => join(out, fileName)))
  for (const name of readdirSync(out, { recursive: true })) {
    const file = join(out, name)
    if (!wanted.has(file) && statSync(file).isFile()) rmSync(file)
  }
}

/**
 * Takes the modules of Node as they are, and not by an import: for that Node reads each of their exports, and those
 * that it makes when they are read load modules of their own. A thread would start with thirty that it never needs.
 * Lines stay where they are.
 *
 * `node:module` stays imported: who traces what a program needs, as Next.js does, finds ZeroMQ by the `createRequire`
 * of that import, and it has no such exports.
 */
function withBuiltinsAsTheyAre(code) {
  const heads = /^import (?:(\w+)(?:, )?)?(?:\{([^}]+)\})? from ("node:(?!module")\w[^"]*");$/gm
  return code.replaceAll(heads, (_all, name, names, module) => {
    const taken = `process.getBuiltinModule(${module})`
    const whole = name === undefined ? '' : `const ${name} = ${taken};`
    return names === undefined
      ? whole
      : `${whole}const {${names.replaceAll(/(\w+) as (\w+)/g, '$1: $2')}} = ${name ?? taken};`
  })
}

/** Ends the build when a bundle names a module by URL that is not there. */
function expectNamedModules(out) {
  for (const file of readdirSync(out, { recursive: true }).filter(name => name.endsWith('.js'))) {
    const code = readFileSync(join(out, file), 'utf8').replaceAll(/^\s*(\*|\/\/).*$/gm, '')
    for (const [, url] of code.matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)/g)) {
      if (!existsSync(join(out, dirname(file), url)))
        throw new Error(`Cannot bundle: ${join(out, file)} names ${url}, which is not there`)
    }
  }
}
