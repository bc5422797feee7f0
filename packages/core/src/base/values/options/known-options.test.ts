import { describe, expect, test } from 'vitest'
import { expectOptions, optionNames } from './known-options.js'

interface Options {
  readonly timeoutMs?: number
  readonly name?: string
}

const NAMES = optionNames<Options>({ timeoutMs: true, name: true })

describe('expectOptions()', () => {
  test.each([{}, { timeoutMs: 5 }, { timeoutMs: 5, name: 'x' }, Object.create({ name: 'x' }), { other: undefined }])(
    'takes %j',
    options => {
      expect(() => expectOptions('wait', options, NAMES)).not.toThrow()
    },
  )

  test.each([{ timeout: 5 }, { nam: 'x' }, { toString: 1 }, { ['__proto__']: 1, x: 2 }, Object.create({ other: 1 })])(
    'refuses a name that there is not, in %j',
    options => {
      expect(() => expectOptions('wait', options, NAMES)).toThrow(TypeError)
    },
  )

  test.each([undefined, null, 1, 'add', true, () => 1])('refuses %j, which is no object', options => {
    expect(() => expectOptions('wait', options, NAMES)).toThrow(TypeError)
  })

  test('says how to pass a signal that stands for the options', () => {
    const known = optionNames<{ readonly signal?: AbortSignal }>({ signal: true })

    expect(() => expectOptions('wait', new AbortController().signal, known)).toThrow(/pass \{ signal \}/u)
  })

  test('puts the action into words only when it fails', () => {
    let asked = 0
    const action = (): string => `wait ${++asked} times`

    expectOptions(action, { name: 'x' }, NAMES)
    expect(asked).toBe(0)
    expect(() => expectOptions(action, { names: 'x' }, NAMES)).toThrow(/did you mean name\?/u)
    expect(asked).toBe(1)
  })
})
