import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { StormReport } from './storm/storm.js'

const run = promisify(execFile)
const stress = fileURLToPath(new URL('./main.js', import.meta.url))

describe('npm run stress', () => {
  test('loses nothing, keeps order and settles every question in a short storm', { timeout: 120_000 }, async () => {
    // With problems its exit code is 1, and its report says which.
    const { stdout } = await run(process.execPath, [stress, '--seconds', '3', '--json']).catch(
      (failure: { stdout: string }) => failure,
    )

    const report = JSON.parse(stdout) as StormReport & { readonly problems: readonly string[] }
    expect(report.problems).toEqual([])
    expect(report.downs).toBeGreaterThan(1)
  })

  test('is weathered with an observer that shows it all the time', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [stress, '--seconds', '4', '--observer', '--json']).catch(
      (failure: { stdout: string }) => failure,
    )

    const report = JSON.parse(stdout) as StormReport & { readonly problems: readonly string[] }
    expect(report.problems).toEqual([])
    expect(report.looks).toBeGreaterThan(2)
  })

  test('has short storms of all kinds, and says of each how it went', { timeout: 300_000 }, async () => {
    const { stdout } = await run(process.execPath, [stress, '--rounds', '3', '--seed', '5', '--json']).catch(
      (failure: { stdout: string }) => failure,
    )

    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { readonly problems?: readonly string[]; readonly failed?: readonly number[] })
    expect(lines.map(({ problems, failed }) => problems ?? failed)).toEqual([[], [], [], []])
  })

  test.each([['--seconds', '0'], ['--rounds', 'many'], ['--every', 'often'], ['--thread']])(
    'refuses %s %s with exit code 2',
    async (...args) => {
      await expect(run(process.execPath, [stress, ...args.filter(arg => arg !== undefined)])).rejects.toMatchObject({
        code: 2,
      })
    },
  )

  test('says what it does', async () => {
    const { stdout } = await run(process.execPath, [stress, '--help'])

    expect(stdout).toContain('--seconds')
  })
})
