import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aliasOf, fileBehind } from './other-file.js'

let root: string
let parent: string
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'zera-files-')))
  await mkdir(join(root, 'folder'))
  await mkdir(join(root, 'node_modules'))
  for (const file of ['a.ts', 'b.tsx', 'c.mts', 'd.cts', 'e.js', 'e.ts', 'folder/index.ts', 'data.json', 'x.y.ts'])
    await writeFile(join(root, file), '')
  await writeFile(join(root, 'tsconfig.json'), '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }')
  parent = pathToFileURL(join(root, 'main.ts')).href
})
afterAll(() => rm(root, { recursive: true }))

test.each([
  ['./a.js', 'a.ts'],
  ['./a', 'a.ts'],
  ['./a.js?v=1#x', 'a.ts?v=1#x'],
  ['./b.js', 'b.tsx'],
  ['./b.jsx', 'b.tsx'],
  ['./c.mjs', 'c.mts'],
  ['./d.cjs', 'd.cts'],
  ['./e.js', 'e.js'],
  ['./folder', 'folder/index.ts'],
  ['./data', 'data.json'],
  ['./x.y', 'x.y.ts'],
])('fileBehind(%s) is %s', (specifier, file) => {
  expect(fileBehind(specifier, parent)).toBe(new URL(file, parent).href)
})

test.each(['./missing.js', './missing', 'a', 'node:fs', '#a', '@/a'])('fileBehind(%s) is none', specifier => {
  expect(fileBehind(specifier, parent)).toBeUndefined()
})

test.each([
  ['@/a', 'a.ts'],
  ['@/a.js', 'a.ts'],
  ['@/folder', 'folder/index.ts'],
  ['@/missing', undefined],
  ['./a', undefined],
  ['a', undefined],
])('aliasOf(%s) is %s', (specifier, file) => {
  expect(aliasOf(specifier, parent)).toBe(file && new URL(file, parent).href)
})

test('a package keeps what it names', () => {
  const inPackage = pathToFileURL(join(root, 'node_modules', 'p', 'index.js')).href

  expect([aliasOf('@/a', inPackage), fileBehind('../../a.js', inPackage)]).toEqual([undefined, undefined])
  expect([aliasOf('@/a', undefined), fileBehind('./a.js', undefined)]).toEqual([undefined, undefined])
})
