import { describe, expect, test } from 'vitest'
import { confidenceOfRanks, marginOfMean } from './confidence.js'
import { emptyHalves, HALVES } from './halves.js'
import { emptyTotals, type Totals } from './totals.js'

describe('marginOfMean()', () => {
  test('is twice the standard deviation of the means of the halves', () => {
    const totals = totalsOf({ JFK: half => (half % 2 === 0 ? 9 : 11) })

    expect(marginOfMean(totals, totals.airports[0]!)).toBe(2)
  })

  test('is 0 without any flight', () => {
    const totals = { ...totalsOf({ JFK: () => 0 }), halves: emptyHalves(1) }

    expect(marginOfMean(totals, totals.airports[0]!)).toBe(0)
  })
})

describe('confidenceOfRanks()', () => {
  test('says in how many halves the first is the first, and in how many the first ones are the same', () => {
    const totals = totalsOf({
      ATL: half => (half < HALVES / 4 ? 40 : 20),
      DEN: () => 30,
      JFK: half => (half < HALVES / 8 ? 35 : 10),
    })
    const [atlanta, denver, newYork] = totals.airports

    expect(confidenceOfRanks(totals, [denver!, atlanta!, newYork!], 2)).toEqual({ sameFirst: 3 / 4, sameSet: 7 / 8 })
  })

  test('is certain of the same ones when there are no others', () => {
    const totals = totalsOf({ ATL: () => 2, DEN: () => 1 })

    expect(confidenceOfRanks(totals, totals.airports, 10)).toEqual({ sameFirst: 1, sameSet: 1 })
  })
})

/** Totals of airports with 10 minutes of delay in the mean, and one flight in each half, so late as it says. */
function totalsOf(delayOf: Readonly<Record<string, (half: number) => number>>): Totals {
  const codes = Object.keys(delayOf)
  const halves = emptyHalves(codes.length)
  halves.recorded.fill(1)
  for (const [airport, code] of codes.entries()) {
    for (let half = 0; half < HALVES; half++) halves.delayMinutes[airport * HALVES + half] = delayOf[code]!(half)
  }
  return {
    ...emptyTotals(),
    airports: codes.map(code => ({ code, flights: 2, unrecorded: 0, delayMinutes: 20 })),
    halves,
  }
}
