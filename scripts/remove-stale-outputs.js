// tsc leaves what it once compiled. Without this, a removed test would go on running, and a removed module would go on
// being found here while a fresh clone fails.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const projects = ['packages', 'examples'].flatMap(family => readdirSync(family).map(name => join(family, name)))

for (const project of projects) removeStaleOutputs(join(project, 'dist'), join(project, 'src'))
removeStaleOutputs(join('test', 'dist'), 'test')

function removeStaleOutputs(outputs, sources) {
  if (!existsSync(outputs)) return
  for (const output of readdirSync(outputs, { recursive: true })) {
    // What bundle.js makes has no source of its own.
    if (output.startsWith('bundle')) continue
    const source = output.replace(/\.(js|d\.ts)(\.map)?$/, '')
    if (source !== output && !['.ts', '.tsx'].some(ending => existsSync(join(sources, source + ending))))
      rmSync(join(outputs, output))
  }
}
