import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const text = await readFile(new URL('../../../docs/SERVERS.md', import.meta.url), 'utf8')
/** The blocks of code that begin with their file in `projects/servers`. */
const blocks = Array.from(text.matchAll(/```[jt]s\n\/\/ (\S+)\n([^]*?)```/g), ([, file, code]) => ({
  file: file as string,
  code: code as string,
}))

test('SERVERS.md has recipes, each with its file', () => {
  expect(blocks.length).toBe(text.split(/```[jt]s\n/).length - 1)
  expect(blocks.length).toBeGreaterThan(0)
})

test.each(blocks)('SERVERS.md shows $file as it is run', async ({ file, code }) => {
  expect(code).toBe(await readFile(new URL(`../../outside/projects/servers/${file}`, import.meta.url), 'utf8'))
})
