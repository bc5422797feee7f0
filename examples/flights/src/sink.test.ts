import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, toRows } from './arbitrary-rows.js'
import { Sink } from './sink.js'
import { countFlights, emptyTotals, mergeTotals } from './totals.js'

describe('Sink', () => {
  test('adds up each row group once, however often and in whatever order they come', () => {
    const arbitraryParts = fc.array(
      arbitraryFlights().map(flights => countFlights(toRows(flights))),
      { minLength: 1, maxLength: 5 },
    )
    const arrivals = arbitraryParts.chain(parts =>
      fc.tuple(
        fc.constant(parts),
        fc.shuffledSubarray([...parts.keys(), ...parts.keys()], { minLength: 2 * parts.length }),
      ),
    )
    fc.assert(
      fc.property(arrivals, ([parts, order]) => {
        const sink = new Sink()

        for (const rowGroup of order) sink.add(rowGroup, parts[rowGroup]!)

        const { totals, ...counts } = sink.result()
        expect(counts).toEqual({ rowGroups: parts.length, repeats: parts.length })
        expect(isDeepStrictEqual(totals, parts.reduce(mergeTotals, emptyTotals()))).toBe(true)
      }),
    )
  })

  test('has no flights before the first row group', () => {
    expect(new Sink().result()).toEqual({ totals: emptyTotals(), rowGroups: 0, repeats: 0 })
  })
})
