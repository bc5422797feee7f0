/* oxlint-disable unicorn/no-thenable -- It is about such objects. */
import { describe, expect, test } from 'vitest'
import { ODD_THENABLES } from '../../../../core/dist/fixtures/odd-values.js'
import { thenOf, whenSettled } from './thenable.js'

/** What a value comes to. */
async function outcomeOf(value: unknown): Promise<unknown> {
  const words: unknown[] = []
  const then = thenOf(value)
  if (then === undefined) return ['none']
  await new Promise<void>(resolve => {
    const say = (word: string) => (outcome: unknown) => {
      words.push([word, outcome])
      resolve()
    }
    whenSettled(value, then, say('value'), say('error'))
    expect(words).toEqual([])
  })
  // A second call would have come by now.
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  return words
}

describe('whenSettled()', () => {
  const no = new RangeError('no')

  test.each<[string, () => unknown, unknown[]]>([
    ['no object', () => 5, ['none']],
    ['nothing', () => null, ['none']],
    ['a then that is no function', () => ({ then: 5 }), ['none']],
    ['a promise', () => Promise.resolve(1), [['value', 1]]],
    ['a promise that rejects', () => Promise.reject(no), [['error', no]]],
    ['a then that resolves', () => ({ then: (resolve: (value: unknown) => void) => resolve(1) }), [['value', 1]]],
    [
      'a function with a then',
      () => Object.assign(() => undefined, { then: (resolve: (value: unknown) => void) => resolve(1) }),
      [['value', 1]],
    ],
    [
      'a then that resolves with a promise',
      () => ({ then: (resolve: (value: unknown) => void) => resolve(Promise.reject(no)) }),
      [['error', no]],
    ],
    [
      'a then that throws',
      () => ({
        then: () => {
          throw no
        },
      }),
      [['error', no]],
    ],
    [
      'a then that resolves, then throws',
      () => ({
        then: (resolve: (value: unknown) => void) => {
          resolve(1)
          throw no
        },
      }),
      [['value', 1]],
    ],
    [
      'a then that speaks twice',
      () => ({
        then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
          reject(no)
          resolve(1)
        },
      }),
      [['error', no]],
    ],
  ])('follows %s as await does', async (_name, make, outcome) => {
    expect(await outcomeOf(make())).toEqual(outcome)
  })

  test.each(ODD_THENABLES)('is not surprised by $name', async ({ make }) => {
    const value = make()
    try {
      const words = (await outcomeOf(value)) as [string, unknown][]
      expect(words.map(([word]) => word)).toEqual(['error'])
    } catch (error) {
      // `thenOf` throws what reading it throws.
      expect(error).toBeInstanceOf(Error)
    }
  })
})
