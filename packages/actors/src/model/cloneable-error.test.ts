import { decodeValues, encodeValues } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../core/dist/fixtures/odd-values.js'
import { cloneable } from './cloneable-error.js'

describe('cloneable()', () => {
  test('is the error itself when it can travel', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E_NO' })

    expect(cloneable(error)).toBe(error)
  })

  test('is one of the same name, text, code and stack when its cause cannot be copied', () => {
    const error = Object.assign(new RangeError('no', { cause: () => undefined }), { code: 'E_NO' })

    const copy = cloneable(error)

    expect(copy).toMatchObject({ name: 'RangeError', message: 'no', code: 'E_NO', stack: error.stack })
    expect(copy).not.toHaveProperty('cause')
    expect(decodeValues(JSON.parse(encodeValues([copy])))[0]).toMatchObject({ message: 'no' })
  })

  test.each([...ODD_THROWN, ...ODD_THENABLES])('travels, of $name', ({ make }) => {
    expect(() => encodeValues([cloneable<unknown>(make())])).not.toThrow()
  })

  test.each([[() => undefined], [Symbol('s')], [Object.assign(Object.create(null) as object, { act() {} })]])(
    'is an error that shows what was thrown when %o was',
    thrown => {
      expect(cloneable<unknown>(thrown)).toBeInstanceOf(Error)
    },
  )
})
