import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAct } from './read-act.js'
import { RequestError } from './server.js'

describe('readAct()', () => {
  test('takes the numbers that an act needs, and nothing else', () => {
    expect(readAct({ act: 'resize', pool: 1, min: 2, max: 3, other: 4 })).toEqual({
      act: 'resize',
      pool: 1,
      min: 2,
      max: 3,
    })
    expect(readAct({ act: 'kill', host: 2 })).toEqual({ act: 'kill', host: 2 })
  })

  test('says what it lacks', () => {
    expect(() => readAct({ act: 'kill', host: '2' })).toThrow('kill needs a whole number as its host')
    expect(() => readAct({ act: 'constructor' })).toThrow('there is no such act')
  })

  test('takes nothing else, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), body => {
        expect(() => readAct(body)).toThrow(RequestError)
      }),
    )
  })
})
