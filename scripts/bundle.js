// A thread imports whatever it runs anew, and a module of its own for each file takes most of its start: two hundred files 120 ms, a handful 35. So what users import is
// put together here from what tsc wrote.
//
// Comments are left out, since each thread reads all of it again: a third of the text.
//
// Modules that others start by URL are entries. Their names are those by which they are named, seen from the top of the bundle, where all that names one has to be.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const PACKAGES = {
  core: {
    index: 'public',
    internal: 'index',
    'thread-entry': 'thread/thread-entry',
    'process-entry': 'thread/detached/process-entry',
    'io-thread': 'sockets/io-thread/io-thread',
  },
  actors: {
    index: 'index',
    'testing/index': 'testing/index',
    'command/main': 'command/main',
    'host/host-thread': 'host/host-thread',
    'job-thread': 'jobs/job-thread',
    'node-process': 'nodes/borrower/node-process',
  },
}

for (const [name, entries] of Object.entries(PACKAGES)) {
  const dist = join('packages', name, 'dist')
  const out = join(dist, 'bundle')
  rmSync(out, { recursive: true, force: true })
  const input = Object.fromEntries(
    Object.entries(entries).map(([entry, module]) => [entry, join(dist, `${module}.js`)]),
  )
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: id => !id.startsWith('.') && !id.startsWith('/') && !id.includes('\0'),
  })
  await bundle.write({
    dir: out,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    comments: false,
    chunkFileNames: 'chunk-[name]-[hash].js',
  })
  await bundle.close()
  expectNamedModules(out)
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
