import { expect, test } from 'vitest'
import { THREAD_ENTRY } from '../../entry-urls.js'
import { ThreadStartError } from '../errors/errors.js'
import { expectModuleFormat, expectOwnModule } from './own-module.js'

test('expectOwnModule() refuses what a bundler has left out', () => {
  expect(expectOwnModule('@zera/core', THREAD_ENTRY, 'a')).toBe(THREAD_ENTRY)
  expect(() => expectOwnModule('@zera/core', new URL('./thread-entry.js', import.meta.url), 'a')).toThrow(
    ThreadStartError,
  )
})

test('expectModuleFormat() refuses what a bundler has made CommonJS of', () => {
  expect(() => expectModuleFormat('@zera/core', import.meta.url)).not.toThrow()
  expect(() => expectModuleFormat('@zera/core', undefined)).toThrow(Error)
})
