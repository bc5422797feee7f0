import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const VERSION = join(ROOT, 'scripts', 'version.js')
const CHANGESET = "---\n'@zera/core': minor\n---\n\ncore: sockets can sing.\n"
const CHANGELOG = '# Changes\n\nPreface.\n\n## 0.1.0\n\n- core: the first line.\n'

let folder: string
/** A copy of what counts for a version: the packages' names and versions, and the settings of changesets. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-version-'))
  await mkdir(join(folder, '.changeset'))
  for (const file of ['.changeset/config.json', '.changeset/README.md', 'package.json', 'pnpm-workspace.yaml'])
    await copyFile(join(ROOT, file), join(folder, file))
  for (const name of await readdir(join(ROOT, 'packages'))) {
    await mkdir(join(folder, 'packages', name), { recursive: true })
    await copyFile(join(ROOT, 'packages', name, 'package.json'), join(folder, 'packages', name, 'package.json'))
  }
  await writeFile(join(folder, 'CHANGELOG.md'), CHANGELOG)
})
afterEach(() => rm(folder, { recursive: true }))

describe('npm run version', () => {
  test('gives all packages the next version, and moves the changes to CHANGELOG.md', async () => {
    await writeFile(join(folder, '.changeset', 'a.md'), CHANGESET)

    await promisify(execFile)(process.execPath, [VERSION], { cwd: folder })

    expect(await versions()).toEqual(['0.2.0'])
    expect(await readFile(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(
      '# Changes\n\nPreface.\n\n## 0.2.0\n\n- core: sockets can sing.\n\n## 0.1.0\n\n- core: the first line.\n',
    )
    expect(await readdir(join(folder, '.changeset'))).toEqual(['README.md', 'config.json'])
  })

  test('changes nothing when no change waits', async () => {
    const before = await versions()

    await expect(promisify(execFile)(process.execPath, [VERSION], { cwd: folder })).rejects.toMatchObject({ code: 1 })

    expect(await versions()).toEqual(before)
    expect(await readFile(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(CHANGELOG)
  })
})

/** The versions that the packages have; one, as they move together. */
async function versions(): Promise<string[]> {
  const manifests = (await readdir(join(folder, 'packages'))).map(name =>
    join(folder, 'packages', name, 'package.json'),
  )
  const texts = await Promise.all(manifests.map(file => readFile(file, 'utf8')))
  return [...new Set(texts.map(text => (JSON.parse(text) as { version: string }).version))]
}
