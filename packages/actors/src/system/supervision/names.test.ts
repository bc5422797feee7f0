import { describe, expect, test } from 'vitest'
import { Names } from './names.js'

describe('Names', () => {
  test('gives each name once, and none to everybody', () => {
    const names = new Names()

    expect([names.take('a', 1), names.take('a', 2), names.take('', 3), names.take('', 4)]).toEqual([
      true,
      false,
      true,
      true,
    ])
    names.free('a')
    expect(names.take('a', 2)).toBe(true)
  })

  test.each(['keep', 'free'] as const)(
    'settled() waits for the end of a doubt by %s(), but not its holder',
    async end => {
      const names = new Names()
      names.take('a', 1)
      expect(names.settled('a')).toBeUndefined()

      names.doubt('a')
      names.doubt('a')
      const settled = [names.settled('a'), names.settled('a', 2)]
      expect(names.settled('a', 1)).toBeUndefined()
      names[end]('a')

      expect(await Promise.all(settled.map(async each => each))).toEqual([undefined, undefined])
      expect([names.settled('a'), names.take('a', 2)]).toEqual([undefined, end === 'free'])
    },
  )
})
