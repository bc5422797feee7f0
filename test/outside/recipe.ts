import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Project } from './outside.js'

const PAGE = new URL('../../../docs/BUNDLERS.md', import.meta.url)

/** What the page about bundlers says below a heading. */
interface Recipe {
  readonly commands: readonly (readonly [command: string, ...args: string[]])[]
}

/**
 * Copies the files of a recipe of the page into a project. Blocks whose first line names a file are the files, and
 * those of a shell are the commands.
 *
 * @throws When the page has none of both there.
 */
export async function copyRecipe(project: Project, heading: string): Promise<Recipe> {
  const [, below = ''] = (await readFile(PAGE, 'utf8')).split(`\n## ${heading}\n`)
  const [section = ''] = below.split('\n## ')
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
  if (blocks.length === 0) throw new Error(`Cannot copy a recipe: the page has none below "${heading}"`)
  for (const [, , block = ''] of blocks) {
    const [, name] = /^\/\/ (\S+)\n/.exec(block) ?? []
    if (name === undefined) continue
    await mkdir(dirname(join(project.directory, name)), { recursive: true })
    await writeFile(join(project.directory, name), block)
  }
  const commands = blocks
    .filter(([, kind]) => kind === 'sh')
    .flatMap(([, , block = '']) => block.trim().split('\n'))
    .map(line => line.replace(/^npx /, '').split(' ') as [string, ...string[]])
  return { commands }
}
