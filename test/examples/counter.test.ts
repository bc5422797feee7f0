import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = new URL('../../../', import.meta.url)

describe('README.md', () => {
  it('shows the counter example as it stands in examples/counter', async () => {
    const readme = await readFile(new URL('README.md', root), 'utf8')

    for (const file of ['counter.ts', 'main.ts']) {
      const source = await readFile(new URL(`examples/counter/src/${file}`, root), 'utf8')
      expect(readme).toContain(`\`\`\`ts\n// ${file}\n${source}\`\`\``)
    }
  })

  it('shows an example that prints what its comments say', async () => {
    const main = fileURLToPath(import.meta.resolve('@zera/example-counter'))

    const { stdout, stderr } = await run(process.execPath, [main])

    expect(stdout.split('\n')).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', ''])
    expect(stderr).toBe('')
  })
})
