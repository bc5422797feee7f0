import { expect, test } from 'vitest'
import { missingName } from './missing-name.js'

test.each([
  ['cov_2b5k4x', 'coverage'],
  ['__vi_import_0__', 'import'],
  ['__vite_ssr_import_1__', 'import'],
  ['__awaiter', 'compiler'],
  ['__spreadValues', 'compiler'],
  ['_async_to_generator', 'compiler'],
  ['_object_spread', 'compiler'],
  ['_ts_decorate', 'compiler'],
])('missingName() says what %s is', (name, word) => {
  expect(missingName(`${name} is not defined`)).toMatch(new RegExp(`^${name} is not defined, .*${word}`))
})

test.each(['total', '_private', '__dirname', 'cov', 'x.y is no function'])(
  'missingName() adds nothing for %s',
  name => {
    expect(missingName(`${name} is not defined`)).toBe(`${name} is not defined`)
  },
)
