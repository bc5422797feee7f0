import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configOf, withoutComments } from './tsconfig.js'

let root: string
beforeAll(async () => void (root = await realpath(await mkdtemp(join(tmpdir(), 'zera-tsconfig-')))))
afterAll(() => rm(root, { recursive: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

describe('configOf()', () => {
  test('reads the next tsconfig.json above, over all that it extends', async () => {
    await write(
      'base/tsconfig.base.json',
      '{ "compilerOptions": { "emitDecoratorMetadata": true, "paths": { "#/*": ["./x/*"] } } }',
    )
    await write('node_modules/shared/tsconfig.json', '{ "compilerOptions": { "experimentalDecorators": true } }')
    await write(
      'app/tsconfig.json',
      `{
        // Both.
        "extends": ["shared/tsconfig.json", "../base/tsconfig.base"],
        "compilerOptions": { "useDefineForClassFields": false, /* A comma too many. */ },
      }`,
    )
    await write('app/src/deep/x.ts', '')

    expect(configOf(join(root, 'app', 'src', 'deep'))).toEqual({
      paths: { '#/*': [join(root, 'base', 'x', '*')] },
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
      jsxImportSource: undefined,
    })
  })

  test('takes paths from baseUrl, and ends where files extend each other', async () => {
    await write(
      'circle/tsconfig.json',
      '{ "extends": "./other.json", "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["*"] } } }',
    )
    await write('circle/other.json', '{ "extends": "./tsconfig.json" }')

    expect(configOf(join(root, 'circle')).paths).toEqual({ '@/*': [join(root, 'circle', 'src', '*')] })
  })

  test('says nothing for what cannot be read', async () => {
    await write('broken/tsconfig.json', '{ "compilerOptions": ')

    expect(configOf(join(root, 'broken'))).toMatchObject({ paths: {}, experimentalDecorators: false })
  })
})

test('withoutComments() leaves texts alone', () => {
  const text = '{ "a": "//x, ]", /* b */ "c": ["/*d*/", "\\"//e",], } // f'

  expect(JSON.parse(withoutComments(text))).toEqual({ a: '//x, ]', c: ['/*d*/', '"//e'] })
})
