import { expect, test } from 'vitest'
import { targetOf, type ViteAlias } from './vite-aliases.js'

const aliases: readonly ViteAlias[] = [
  { find: '@', replacement: '/app/src' },
  { find: '~/', replacement: '/app/lib/' },
  { find: { source: '^lib-(.*)$', flags: 'g' }, replacement: '/app/libs/$1' },
]

test.each([
  ['@/x.js', '/app/src/x.js'],
  ['@', '/app/src'],
  ['~/y', '/app/lib/y'],
  ['lib-z', '/app/libs/z'],
  ['@scope/x', undefined],
  ['x', undefined],
])('targetOf(%s) is %s', (specifier, target) => {
  const projects = { '/app': aliases, '/app/inner': [], '/other': [{ find: 'x', replacement: '/wrong' }] }

  expect(targetOf(specifier, '/app/a.ts', projects)).toBe(target)
  // A pattern keeps no place.
  expect(targetOf(specifier, '/app/a.ts', projects)).toBe(target)
  expect(targetOf(specifier, '/app/inner/a.ts', projects)).toBeUndefined()
})
