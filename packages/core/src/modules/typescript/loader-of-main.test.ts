import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasTsxOnlyInMain, tsxFolder } from './loader-of-main.js'

test.each([
  [['--import', 'file:///app/node_modules/tsx/dist/loader.mjs'], join('/app', 'node_modules', 'tsx')],
  [['--import=file:///app%20x/node_modules/tsx/dist/loader.mjs'], join('/app x', 'node_modules', 'tsx')],
  [['--require', '/app/node_modules/tsx/dist/preflight.cjs'], undefined],
  [['--import', 'ts-node/esm'], undefined],
  [['--import', 'tsx'], undefined],
  [[], undefined],
])('tsxFolder(%j) is %s where no tsx is installed', (flags, folder) => {
  expect(tsxFolder(flags, '/nowhere')).toBe(folder)
})

test('hasTsxOnlyInMain() is true of Node 20', () => {
  expect(['20.19.0', '22.0.0', '24.1.0'].map(hasTsxOnlyInMain)).toEqual([true, false, false])
})
