import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { withoutEvents } from '../without-events.js'

const run = promisify(execFile)

it.each([
  ['majordomo', import.meta.resolve('@zera/example-majordomo')],
  ['gateway', import.meta.resolve('@zera/example-gateway')],
  ['nodes', import.meta.resolve('@zera/example-nodes')],
])('examples/%s prints what its README says', async (name, main) => {
  const readme = await readFile(new URL(`../../../examples/${name}/README.md`, import.meta.url), 'utf8')
  const printed = (readme.split('It prints\n\n')[1] as string)
    .split('\n')
    .map(line => line.slice(4))
    .join('\n')

  const { stdout, stderr } = await run(process.execPath, [fileURLToPath(main)])

  expect([stdout, withoutEvents(stderr)]).toEqual([printed, ''])
})
