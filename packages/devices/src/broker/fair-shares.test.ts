import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FairShares } from './fair-shares.js'

describe('FairShares', () => {
  test('take() gives one alone half, and the one and only piece', () => {
    const shares = new FairShares(4)

    expect([shares.take('a', 1), shares.take('a', 1), shares.take('a', 1)]).toEqual([true, true, false])
    expect(new FairShares(1).take('a', 1)).toBe(true)
    expect(shares.used).toBe(2)
  })

  test('take() leaves something to a latecomer, however many are greedy', () => {
    const shares = new FairShares(100)

    for (const greedy of ['a', 'b', 'c', 'd']) while (shares.take(greedy, 1));

    expect(shares.take('late', 1)).toBe(true)
  })

  test('give() gives all back, and Infinity has no end', () => {
    const shares = new FairShares(2)
    const endless = new FairShares(Infinity)

    shares.take('a', 1)
    shares.give('a', 1)

    expect([shares.used, shares.take('a', 2)]).toEqual([0, true])
    expect([endless.take('a', 1e300), endless.take('a', 1e300)]).toEqual([true, true])
  })

  test('exchange() lets those keep what they have who want no more', () => {
    const shares = new FairShares(10)
    for (const who of ['a', 'b', 'c', 'd']) shares.take(who, 2)

    expect([shares.exchange('a', 2, 2), shares.exchange('a', 2, 1), shares.exchange('b', 2, 6)]).toEqual([
      true,
      true,
      false,
    ])
    expect(shares.used).toBe(7)
  })

  test('never has more taken than there is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(20))), steps => {
        const shares = new FairShares(50)
        const taken: [string, number][] = []

        for (const step of steps) {
          if (shares.take(...step)) taken.push(step)
          expect(shares.used).toBeLessThanOrEqual(50)
        }
        for (const step of taken) shares.give(...step)

        expect(shares.used).toBe(0)
      }),
    )
  })
})
