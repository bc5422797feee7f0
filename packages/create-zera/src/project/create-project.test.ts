import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary-folder.js'
import { createProject } from './create-project.js'

const FILES = [
  { path: 'package.json', text: '{}\n' },
  { path: join('src', 'main.ts'), text: 'export {}\n' },
]
const folder = temporaryFolder()

describe('createProject()', () => {
  test('makes the folder and those above it', async () => {
    const project = join(folder.path, 'apps', 'shop')

    await createProject(project, FILES)

    expect((await readdir(project)).toSorted()).toEqual(['package.json', 'src'])
    expect(await readFile(join(project, 'src', 'main.ts'), 'utf8')).toBe('export {}\n')
  })

  test('takes a folder that has nothing but .git', async () => {
    await mkdir(join(folder.path, '.git'))

    await createProject(folder.path, FILES)

    expect((await readdir(folder.path)).toSorted()).toEqual(['.git', 'package.json', 'src'])
  })

  test.each(['package.json', 'notes.txt', '.env'])(
    'refuses a folder that has a %s, and leaves it as it is',
    async name => {
      await writeFile(join(folder.path, name), 'mine')

      await expect(createProject(folder.path, FILES)).rejects.toMatchObject({
        name: 'CreateProjectError',
        reason: 'folder',
      })

      expect(await readdir(folder.path)).toEqual([name])
      expect(await readFile(join(folder.path, name), 'utf8')).toBe('mine')
    },
  )

  test.each(['file', join('file', 'below')])('refuses %s, where a file is', async path => {
    await writeFile(join(folder.path, 'file'), 'mine')

    await expect(createProject(join(folder.path, path), FILES)).rejects.toMatchObject({
      name: 'CreateProjectError',
      reason: 'folder',
    })

    expect(await readFile(join(folder.path, 'file'), 'utf8')).toBe('mine')
  })

  test('leaves nothing when a file cannot be written', async () => {
    const twice = [...FILES, { path: join('package.json', 'below'), text: '' }]
    await mkdir(join(folder.path, 'there', '.git'), { recursive: true })

    for (const project of [join('new', 'shop'), 'there'])
      await expect(createProject(join(folder.path, project), twice)).rejects.toMatchObject({
        name: 'CreateProjectError',
        reason: 'files',
        cause: { code: expect.any(String) as string },
      })

    expect((await readdir(folder.path, { recursive: true })).toSorted()).toEqual(['there', join('there', '.git')])
  })
})
