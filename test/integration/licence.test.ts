import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

describe('each package', () => {
  test.each(['core', 'actors', 'devices'])('%s has the licence of the root, which npm ships from there', async name => {
    const directory = new URL(`packages/${name}/`, ROOT)

    expect(await readFile(new URL('LICENSE', directory), 'utf8')).toBe(await readFile(new URL('LICENSE', ROOT), 'utf8'))
    expect(
      (JSON.parse(await readFile(new URL('package.json', directory), 'utf8')) as { license: string }).license,
    ).toBe('MIT')
  })
})
