// A thread imports whatever it runs anew, and a module of its own for each file takes most of its start: two hundred files 120 ms, a handful 35. So what users import is
// put together here from what tsc wrote. Names of files that others reach by URL are those that they have among tsc's outputs, seen from the module that names them.
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { rolldown } from 'rolldown'

const PACKAGES = {
  core: ['index', 'thread-entry', 'process-entry', { 'io-thread': 'sockets/io-thread' }],
  actors: ['index', 'testing/index', 'hosting/host-thread', { 'job-thread': 'compute/job-thread' }],
}

for (const [name, entries] of Object.entries(PACKAGES)) {
  const dist = join('packages', name, 'dist')
  const input = Object.fromEntries(
    entries.flatMap(entry => (typeof entry === 'string' ? [[entry, join(dist, `${entry}.js`)]] : Object.entries(entry).map(([to, from]) => [to, join(dist, `${from}.js`)]))),
  )
  rmSync(join(dist, 'bundle'), { recursive: true, force: true })
  const bundle = await rolldown({ input, platform: 'node', external: id => !id.startsWith('.') && !id.startsWith('/') && !id.includes('\0') })
  await bundle.write({ dir: join(dist, 'bundle'), format: 'esm', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' })
  await bundle.close()
}
