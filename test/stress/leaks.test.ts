import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hasValgrind } from './leaks/valgrind.js'

const run = promisify(execFile)
const valgrind = await hasValgrind()
const flags = ['--expose-gc', '--max-semi-space-size=2']
const leaks = fileURLToPath(new URL('./leaks.js', import.meta.url))

describe('npm run leaks', () => {
  it('finds a short run flat', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [...flags, leaks, '--cycles', '60'])

    expect(stdout).toContain('flat: 60 starts and stops left nothing behind')
  })

  it('finds a short run flat with an observer', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [...flags, leaks, '--cycles', '60', '--observer'])

    expect(stdout).toContain('flat: 60 starts and stops left nothing behind')
  })

  it.skipIf(!valgrind)(
    'loses no memory of the native side (skipped where valgrind is not installed: apt-get install valgrind)',
    { timeout: 300_000 },
    async () => {
      const { stdout } = await run(process.execPath, [leaks, '--native'])

      expect(stdout).toContain('0 bytes in 0 blocks')
    },
  )

  it.each([['--cycles', 'many'], ['--cycles', '-1'], ['--circles']])(
    'refuses %s %s with exit code 2',
    async (...args) => {
      await expect(
        run(process.execPath, [...flags, leaks, ...args.filter(arg => arg !== undefined)]),
      ).rejects.toMatchObject({ code: 2 })
    },
  )
})
