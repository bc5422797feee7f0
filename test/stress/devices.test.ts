import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const devices = fileURLToPath(new URL('./devices.js', import.meta.url))

describe('npm run stress:devices', () => {
  it('finds that no request is lost in silence in a short run', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [devices, '--seconds', '2'])

    expect(stdout).toContain('nothing was lost in silence')
    expect(stdout).toMatch(/killed: [1-9]\d* workers and [1-9]\d* clients/)
  })

  it.each([
    ['--seconds', 'many'],
    ['--kill-every', '0'],
    ['--hours', '1'],
  ])('refuses %s %s with exit code 2', async (...args) => {
    await expect(run(process.execPath, [devices, ...args])).rejects.toMatchObject({ code: 2 })
  })
})
