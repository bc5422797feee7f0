import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

describe('each package', () => {
  test.each(['core', 'actors', 'devices'])('%s ships the licence of the root', async name => {
    const directory = new URL(`packages/${name}/`, ROOT)

    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: directory })

    const [{ files }] = JSON.parse(stdout) as [{ files: readonly { readonly path: string }[] }]
    expect(files.map(({ path }) => path)).toContain('LICENSE')
    expect(await readFile(new URL('LICENSE', directory), 'utf8')).toBe(await readFile(new URL('LICENSE', ROOT), 'utf8'))
    expect((JSON.parse(await readFile(new URL('package.json', directory), 'utf8')) as { license: string }).license).toBe('MIT')
  })
})
