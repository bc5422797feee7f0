import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const MAIN = fileURLToPath(import.meta.resolve('@zera/example-jobs'))

test('examples/jobs ends all its jobs, once each, though it is killed in the middle', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await run(process.execPath, [MAIN])

  const [killed = '', again = '', ...rest] = stdout.trim().split('\n')
  const [, doneBefore] = /^(\d+) done, \d+ failed, of 40: kill -9$/.exec(killed) ?? []
  const [, doneAgain] = /^started again: (\d+) done, \d+ failed, of 40$/.exec(again) ?? []
  const [, done, failed] = /^(\d+) done, (\d+) failed, of 40$/.exec(rest.at(-2) ?? '') ?? []
  expect(Number(doneAgain)).toBeGreaterThanOrEqual(Number(doneBefore))
  expect(Number(done) + Number(failed)).toBe(40)
  expect(rest.at(-1)).toMatch(/^\d+ jobs were begun more than once$/)
  expect(stderr).toBe('')
})
