import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCreate } from '../fixtures/run-create.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'
import { HELP } from './create-arguments.js'

const folder = temporaryFolder()

describe('create-zera', () => {
  test('tells its usage with --help, and makes nothing', async () => {
    const ended = await runCreate(folder.path, ['my-app', '--help'])

    expect(ended).toEqual({ code: 0, stdout: HELP, stderr: '' })
    expect(await readdir(folder.path)).toEqual([])
  })

  test('makes a project, asks nothing, and says what comes next', async () => {
    const { code, stdout, stderr } = await runCreate(folder.path, ['my-app'], 'pnpm/12.21.0 npm/? node/v24.21.0')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').filter(line => line.startsWith('  '))).toEqual([
      '  cd my-app',
      '  pnpm install',
      '  pnpm start',
    ])
    expect(await readdir(join(folder.path, 'my-app'))).toContain('pnpm-workspace.yaml')
  })

  test('makes a project in the folder where it runs', async () => {
    await mkdir(join(folder.path, 'shop'))

    const { code } = await runCreate(join(folder.path, 'shop'), ['.'])

    expect(code).toBe(0)
    expect(await readdir(join(folder.path, 'shop'))).toContain('package.json')
  })

  test.each([
    [[], 'A folder is missing'],
    [['a', 'b'], 'One folder is enough'],
    [['--rhubarb'], "Unknown option '--rhubarb'"],
    [['Shop'], 'Cannot create a project in "Shop"'],
    [['taken'], 'notes.txt is in that folder already'],
  ])('refuses %j with exit code 2, and writes nothing', async (args, text) => {
    await mkdir(join(folder.path, 'taken'))
    await writeFile(join(folder.path, 'taken', 'notes.txt'), '')

    const { code, stdout, stderr } = await runCreate(folder.path, args)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^create-zera: .*; see npm create zera@latest -- --help\n$/)
    expect(stderr).toContain(text)
    expect((await readdir(folder.path, { recursive: true })).toSorted()).toEqual(['taken', join('taken', 'notes.txt')])
  })
})
