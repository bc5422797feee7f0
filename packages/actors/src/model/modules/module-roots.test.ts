import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ModuleRefusedError } from '../errors.js'
import { moduleHere, systemUrl, type ModuleRoots } from './module-roots.js'

const SYSTEM = 'file:///home/me/app/'
let directory: string
let roots: ModuleRoots
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'zera-roots-')))
  const root = join(directory, 'app')
  await mkdir(join(root, 'actors'), { recursive: true })
  await mkdir(join(directory, 'application'))
  for (const file of ['app/actors/counter.js', 'app/ü %41.js', 'app/%2e%2e', 'application/x.js', 'x.js'])
    await writeFile(join(directory, file), '')
  await symlink('actors/counter.js', join(root, 'inside.js'))
  await symlink('../x.js', join(root, 'outside.js'))
  await symlink(join(directory, 'application'), join(root, 'folder'))
  await symlink('gone.js', join(root, 'dangling.js'))
  await symlink('loop.js', join(root, 'loop.js'))
  roots = { system: SYSTEM, node: `${pathToFileURL(root).href}/` }
})
afterAll(() => rm(directory, { recursive: true }))

describe('moduleHere()', () => {
  test.each([
    ['actors/counter.js', 'actors/counter.js'],
    ['actors/counter.js?v=2#x', 'actors/counter.js?v=2#x'],
    ['actors/../inside.js', 'actors/counter.js'],
    ['actors//counter.js', 'actors/counter.js'],
    ['%61ctors/counter.js?../../x.js', 'actors/counter.js?../../x.js'],
    ['ü %2541.js', '%C3%BC%20%2541.js'],
    // Decoded once, it is the name of a file.
    ['%252e%252e', '%252e%252e'],
  ])('finds %s at %s', (url, local) => {
    expect(moduleHere(SYSTEM + url, roots)).toBe(roots.node + local)
  })

  test.each([
    'data:text/javascript,export default 1',
    'blob:nodedata:1',
    'node:fs',
    'fs',
    'zera',
    './actors/counter.js',
    '',
    'http://127.0.0.1/actors/counter.js',
    'https://127.0.0.1/actors/counter.js',
    'FILE://evil/home/me/app/actors/counter.js',
    'file:///home/me/app',
    'file:///home/me/app/',
    'file:///home/me/app/actors/..',
    'file:///home/me/application/x.js',
    'file:///home/me/app/../application/x.js',
    'file:///home/me/app/../x.js',
    'file:///home/me/app/actors/../../x.js',
    'file:///home/me/app/%2e%2e/x.js',
    'file:///home/me/app/.%2E/x.js',
    'file:///home/me/app/%2e%2e%2fx.js',
    'file:///home/me/app/..%5cx.js',
    'file:///home/me/app/..\\x.js',
    'file:///home/me/app/%252e%252e/x.js',
    'file:///home/me/app/actors%2fcounter.js',
    'file:///home/me/app/actors/counter.js%00',
    'file:///home/me/app/actors/counter.js.',
    'file:///home/me/app/actors/counter.js/',
    'file:///home/me/app/actors/%zz',
    'file:///home/me/app/outside.js',
    'file:///home/me/app/outside.js?inside.js',
    'file:///home/me/app/folder/x.js',
    'file:///home/me/app/folder/../../x.js',
    'file:///home/me/app/dangling.js',
    'file:///home/me/app/loop.js',
    'file:///home/me/app/missing.js',
  ])('refuses %s', url => {
    // A path with a slash behind it is the file for some systems, and then it is inside.
    if (url.endsWith('.js/')) return expect(moduleHere(url, roots)).toBe(`${roots.node}actors/counter.js`)
    expect(() => moduleHere(url, roots)).toThrow(
      expect.objectContaining({ name: 'ModuleRefusedError', code: 'ZERA_MODULE_REFUSED', url }) as ModuleRefusedError,
    )
  })

  test.each(['', 'rhubarb', 'data:,', 'http://127.0.0.1/', 'file://evil/', 'file:///home/me/%2f/'])(
    'refuses all for a system whose root is %j',
    system => {
      for (const url of [`${SYSTEM}actors/counter.js`, `${system}actors/counter.js`])
        expect(() => moduleHere(url, { ...roots, system })).toThrow(ModuleRefusedError)
    },
  )

  test('refuses all when the root itself has become a link', async () => {
    const link = join(directory, 'link')
    await symlink('app', link)

    expect(() =>
      moduleHere(`${SYSTEM}actors/counter.js`, { system: SYSTEM, node: `${pathToFileURL(link).href}/` }),
    ).toThrow(ModuleRefusedError)
  })

  test('takes the whole disk for a root', () => {
    const file = pathToFileURL(join(directory, 'x.js')).href

    expect(moduleHere(file, { system: 'file:///', node: 'file:///' })).toBe(file)
  })
})

test('addresses stay what they are where no roots were set', () => {
  const urls = ['file:///srv/app/counter.js', 'data:text/javascript,']

  expect([urls.map(systemUrl), urls.map(url => moduleHere(url))]).toEqual([urls, urls])
})
