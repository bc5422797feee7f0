/* oxlint-disable unicorn/no-thenable -- It is about such objects. */
import { describe, expect, test } from 'vitest'
import { ODD_THENABLES } from '../../../core/dist/fixtures/odd-values.js'
import { resultOf } from './call-result.js'

describe('resultOf()', () => {
  test('gives what a value, a promise and a thenable come to', async () => {
    const thenable = { then: (resolve: (value: unknown) => void) => resolve(Promise.resolve('three')) }

    expect(
      await Promise.all(
        ['one', Promise.resolve('two'), thenable, undefined].map(async value => (await resultOf(value)).value),
      ),
    ).toEqual(['one', 'two', 'three', undefined])
  })

  test.each(ODD_THENABLES.map(({ name, make }) => [name, make] as const))('rejects for %s', async (_name, make) => {
    await expect(resultOf(make())).rejects.toBeDefined()
  })

  test('gives up one that resolves with itself, and leaves the thread free', async () => {
    const liar: object = { then: (resolve: (value: unknown) => void) => resolve(liar) }

    await expect(resultOf(liar)).rejects.toBeInstanceOf(RangeError)
  })

  test('hears the first word of one that says several', async () => {
    const chatty = {
      then: (resolve: (value: unknown) => void, reject: (error: unknown) => void): never => {
        resolve('first')
        reject(new Error('second'))
        throw new Error('third')
      },
    }

    expect(await resultOf(chatty)).toEqual({ value: 'first' })
  })

  test('looks for a then once in what it gives', async () => {
    let looks = 0
    const shy = {
      get then(): unknown {
        looks += 1
        return looks > 1 ? () => undefined : undefined
      },
    }

    expect(
      await Promise.race([resultOf(shy), new Promise(resolve => setTimeout(resolve, 5000, 'it waits for ever'))]),
    ).toHaveProperty('value')
    expect(looks).toBe(1)
  })
})
