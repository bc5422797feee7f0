import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, toRows } from './arbitrary-rows.js'
import { Sink } from './sink.js'
import { countFlights, emptyTotals, mergeTotals } from './totals.js'

describe('Sink', () => {
  test('adds up each part once, however often and in whatever order they come', () => {
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

        for (const part of order) sink.add(part, parts[part]!)

        const { totals, ...counts } = sink.takeResult()
        expect(counts).toEqual({ parts: parts.length, repeats: parts.length })
        expect(isDeepStrictEqual(totals, parts.reduce(mergeTotals, emptyTotals()))).toBe(true)
      }),
    )
  })

  test('has no flights before the first part', () => {
    expect(new Sink().takeResult()).toEqual({ totals: emptyTotals(), parts: 0, repeats: 0 })
  })

  test('begins anew when its result is taken', () => {
    const sink = new Sink()
    const totals = countFlights(toRows([{ airport: 'JFK', hour: 9, delay: 5 }]))
    sink.add(0, totals)
    sink.add(0, totals)
    sink.takeResult()

    sink.add(0, totals)

    expect(sink.takeResult()).toEqual({ totals, parts: 1, repeats: 0 })
  })
})
