import { VITE_ALIASES } from '@zera/core/internal'
import { afterEach, expect, test, vi } from 'vitest'
import zera from './vitest.js'

afterEach(() => vi.unstubAllEnvs())

test('zera() writes the aliases of each project into the environment', () => {
  vi.stubEnv(VITE_ALIASES, undefined)
  const plugin = zera()

  plugin.configResolved({
    root: '/app/one',
    resolve: {
      alias: [
        { find: /^[/]?@vite\/env/, replacement: '/vite/env.mjs' },
        { find: '@', replacement: '/app/one/src' },
        { find: /^~(.*)/i, replacement: '/app/$1' },
      ],
    },
  })
  plugin.configResolved({ root: '/app/two', resolve: { alias: [] } })

  expect(JSON.parse(process.env[VITE_ALIASES] ?? '')).toEqual({
    '/app/one': [
      { find: '@', replacement: '/app/one/src' },
      { find: { source: '^~(.*)', flags: 'i' }, replacement: '/app/$1' },
    ],
    '/app/two': [],
  })
})
