import { describe, expect, test } from 'vitest'
import { argumentsOf, chooseRounds } from './storm-rounds.js'

describe('chooseRounds()', () => {
  test('chooses the same for the same seed, and others for another', () => {
    expect(chooseRounds(20, 7)).toEqual(chooseRounds(20, 7))
    expect(chooseRounds(20, 7)).not.toEqual(chooseRounds(20, 8))
  })

  test('has every number of threads in a hundred, and kills from the fastest to the slowest', () => {
    const rounds = chooseRounds(100, 1)

    expect(new Set(rounds.map(({ threads }) => threads))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8]))
    const every = rounds.map(({ everyMs }) => everyMs)
    expect([Math.min(...every) < 15, Math.max(...every) > 90]).toEqual([true, true])
    for (const { everyMs, seconds } of rounds)
      expect([everyMs >= 5 && everyMs <= 100, seconds === 1 || seconds === 2]).toEqual([true, true])
  })
})

test('argumentsOf() has a round alone', () => {
  expect(argumentsOf({ number: 3, threads: 5, everyMs: 20, seconds: 2 })).toEqual([
    '--seconds',
    '2',
    '--every',
    '20',
    '--threads',
    '5',
  ])
})
