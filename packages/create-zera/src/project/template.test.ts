import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readTemplate, type Project } from './template.js'

const TEMPLATE = fileURLToPath(new URL('../../template', import.meta.url))
const NPM: Project = { name: 'shop', zera: '1.2.3', packageManager: 'npm' }

async function textOf(path: string, project = NPM): Promise<string | undefined> {
  return (await readTemplate(TEMPLATE, project)).find(file => file.path === path)?.text
}

async function json(url: string): Promise<{ devDependencies: Record<string, string>; version: string }> {
  return JSON.parse(await readFile(new URL(url, import.meta.url), 'utf8')) as never
}

describe('readTemplate()', () => {
  test('has an actor, a pool, a server, a test, and what is needed around them', async () => {
    const files = await readTemplate(TEMPLATE, NPM)

    expect(files.map(({ path }) => path).toSorted()).toEqual([
      '.dockerignore',
      '.gitignore',
      'Dockerfile',
      'README.md',
      'package.json',
      'src/actors.test.ts',
      'src/counter.ts',
      'src/main.ts',
      'src/primes.ts',
      'src/server.ts',
      'tsconfig.json',
    ])
  })

  test('fills in the name, and the exact version of Zera', async () => {
    const manifest = JSON.parse((await textOf('package.json')) ?? '') as Record<string, unknown>

    expect(manifest).toMatchObject({ name: 'shop', dependencies: { '@zera/actors': '1.2.3' } })
    expect(await textOf('README.md')).toMatch(/^# shop\n/)
  })

  test('leaves the name of the template nowhere', async () => {
    const files = await readTemplate(TEMPLATE, NPM)

    expect(files.filter(({ text }) => text.includes('my-app'))).toEqual([])
  })

  test.each([
    ['pnpm', 'pnpm-workspace.yaml'],
    ['yarn', '.yarnrc.yml'],
  ] as const)('has a file that only %s reads, for it alone', async (packageManager, path) => {
    expect(await textOf(path, { ...NPM, packageManager })).toEqual(expect.any(String))
    expect(await textOf(path)).toBeUndefined()
  })

  test('names the compiler and the types that this repository is compiled with, exactly', async () => {
    const { devDependencies } = await json('../../template/package.json')
    const { devDependencies: own } = await json('../../../../package.json')

    expect(devDependencies).toEqual({ '@types/node': own['@types/node'], typescript: own['typescript'] })
  })

  test('has the version of the actors, since Zera is released as one', async () => {
    expect((await json('../../package.json')).version).toBe((await json('../../../actors/package.json')).version)
  })
})
