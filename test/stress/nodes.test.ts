import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { NodeStormReport } from './storm/node-storm.js'

const run = promisify(execFile)
const nodes = fileURLToPath(new URL('./nodes.js', import.meta.url))

describe('npm run stress:nodes', () => {
  test.each([[[]], [['--processes']]])(
    '%j accounts for every message in a short storm, and finds none that was handled twice',
    { timeout: 120_000 },
    async options => {
      // With problems its exit code is 1, and its report says which.
      const { stdout } = await run(process.execPath, [nodes, '--seconds', '4', '--json', ...options]).catch(
        (failure: { stdout: string }) => failure,
      )

      const report = JSON.parse(stdout) as NodeStormReport & { readonly problems: readonly string[] }
      expect(report.problems).toEqual([])
    },
  )

  test('refuses what makes no sense with exit code 2', async () => {
    await expect(run(process.execPath, [nodes, '--seconds', '0'])).rejects.toMatchObject({ code: 2 })
  })
})
