import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const flags = ['--expose-gc', '--max-semi-space-size=2']
const leaks = fileURLToPath(new URL('./leaks.js', import.meta.url))

describe('npm run leaks', () => {
  it('finds a short run flat', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [...flags, leaks, '--cycles', '60'])

    expect(stdout).toContain('flat: 60 starts and stops left nothing behind')
  })

  it.each([['--cycles', 'many'], ['--cycles', '-1'], ['--circles']])('refuses %s %s with exit code 2', async (...args) => {
    await expect(run(process.execPath, [...flags, leaks, ...args.filter(arg => arg !== undefined)])).rejects.toMatchObject({ code: 2 })
  })
})
