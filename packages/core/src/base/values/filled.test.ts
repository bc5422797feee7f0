import { expect, expectTypeOf, test } from 'vitest'
import { withoutUndefined, type Filled } from './filled.js'

interface Options {
  readonly name: string
  readonly size?: number | undefined
}

test('withoutUndefined() leaves defaults to what is undefined', () => {
  const options: Options = { name: 'a', size: undefined }

  const filled: Filled<Options> = { size: 1, ...withoutUndefined(options) }

  expect(filled).toEqual({ name: 'a', size: 1 })
  expectTypeOf<Filled<Options>['size']>().toEqualTypeOf<number>()
})
