import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('npm run stress:contexts sees no request in the context of another while threads are killed', async () => {
  const contexts = fileURLToPath(new URL('./contexts.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [contexts, '--seconds', '2']).catch(
    (failure: { stdout: string }) => failure,
  )

  expect(JSON.parse(stdout)).toMatchObject({ foreign: 0, first: [] })
})
