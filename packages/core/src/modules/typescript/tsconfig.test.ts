import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configOf } from './tsconfig.js'

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
        "extends": ["shared/tsconfig.json", "../base/tsconfig.base.json"],
        "compilerOptions": { "useDefineForClassFields": false, /* A comma too many. */ },
      }`,
    )
    await write('app/src/deep/x.ts', '')

    const { options, targetsOf } = configOf(join(root, 'app', 'src', 'deep', 'x.ts'))

    expect(options).toEqual({
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    })
    expect(targetsOf('#/a')).toEqual([join(root, 'base', 'x', 'a')])
  })

  test('says nothing for what cannot be read, and where files extend each other', async () => {
    await write('broken/tsconfig.json', '{ "compilerOptions": ')
    await write('circle/tsconfig.json', '{ "extends": "./other.json" }')
    await write('circle/other.json', '{ "extends": "./tsconfig.json" }')

    for (const folder of ['broken', 'circle']) {
      const { options, targetsOf } = configOf(join(root, folder, 'x.ts'))
      expect([options.experimentalDecorators, targetsOf('@/a')]).toEqual([undefined, []])
    }
  })
})
