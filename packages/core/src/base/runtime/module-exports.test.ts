import { describe, expect, test } from 'vitest'
import { exportOf, exportsOf } from './module-exports.js'

const compiled = (exports: object) => Object.defineProperty({ ...exports }, '__esModule', { value: true })

describe('exportOf()', () => {
  test.each([
    ['of an ES module', { default: 1, other: 2 }, 'default', 1],
    ['of an ES module, by name', { default: 1, other: 2 }, 'other', 2],
    ['of module.exports = value', { default: 1, 'module.exports': 1 }, 'default', 1],
    [
      'of exports.default, as compilers write it',
      { default: compiled({ default: 1 }), __esModule: true },
      'default',
      1,
    ],
    [
      'of a compiled module without a default export',
      { default: compiled({ other: 2 }), other: 2 },
      'default',
      undefined,
    ],
    ['of a function with __esModule', { default: Object.assign(compiled({}), { default: 1 }) }, 'default', 1],
    ['that Node did not find in the text', { default: { other: 2 } }, 'other', 2],
    ['that is nowhere', { default: { other: 2 } }, 'another', undefined],
    ['that is inherited by what is exported', { default: {} }, 'toString', undefined],
    ['of a module without exports', {}, 'default', undefined],
    ['of a module that exports null', { default: null }, 'other', undefined],
  ])('finds what is exported: %s', (_case, namespace, name, value) => {
    expect(exportOf(namespace, name)).toBe(value)
  })

  test('takes an export that cannot be looked at as what it is', () => {
    const odd = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('no')
        },
      },
    )
    expect(exportOf({ default: odd }, 'default')).toBe(odd)
    expect(exportOf({ default: odd }, 'other')).toBeUndefined()
  })
})

describe('exportsOf()', () => {
  test('has what stands in the text and what is only known when the module has run, and leaves out what cannot be read', () => {
    const dynamic = {
      found: 1,
      late: 2,
      get broken(): never {
        throw new Error('no')
      },
    }
    expect(exportsOf({ default: dynamic, found: 1 })).toEqual([dynamic, 1, 1, 2, undefined])
  })

  test('has the default export of a compiled module', () => {
    expect(exportsOf({ default: compiled({ default: 3 }) })).toContain(3)
  })
})
