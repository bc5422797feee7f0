import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filesIn } from '../house/documents.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const commands = readdirSync(join(ROOT, 'packages')).flatMap(name => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as {
    readonly bin?: Readonly<Record<string, string>>
  }
  return Object.entries(manifest.bin ?? {}).map(([command, file]) => ({
    command,
    file: join('packages', name, file),
  }))
})

test('there are commands', () => {
  expect(commands.length).toBeGreaterThan(2)
})

test.each(commands)(
  '$command is a file that no build makes: pnpm links it before the first build, and warns of one that is not there',
  ({ file }) => {
    expect(filesIn(ROOT)).toContain(file)
  },
)
