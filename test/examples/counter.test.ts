import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

test('examples/counter prints what its comments say', async () => {
  const main = fileURLToPath(import.meta.resolve('@zera/example-counter'))

  const { stdout, stderr } = await run(process.execPath, [main])

  expect(stdout.split('\n')).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', ''])
  expect(stderr).toBe('')
})
