import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { TARGETS } from './targets.js'

const run = promisify(execFile)
const main = fileURLToPath(new URL('./main.js', import.meta.url))

describe('npm run fuzz', () => {
  test('names its targets with --help', async () => {
    const { stdout } = await run(process.execPath, [main, '--help'])

    for (const { name } of TARGETS) expect(stdout).toContain(`\n  ${name} `)
  })

  test.each([[[]], [['rhubarb']], [['nodes', '--frames', '0']], [['nodes', '--seed', 'x']]])(
    'refuses %j with exit code 2',
    async args => {
      await expect(run(process.execPath, [main, ...args])).rejects.toMatchObject({ code: 2, stdout: '' })
    },
  )
})
