import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toRows } from './arbitrary-rows.js'
import { summarizeGroups } from './delay-counts.js'
import { openFlightsFile } from './flights-file.js'
import { runSinglePass } from './single-pass.js'
import { countFlights, emptyTotals, mergeTotals, type Totals } from './totals.js'

describe('runSinglePass()', () => {
  test('gives exactly what whole row groups give when they are merged in any order', async () => {
    const file = await openFlightsFile()
    const wholes: Totals[] = []
    for (const { index } of file.rowGroups) wholes.push(countFlights(await file.readRowGroup(index)))

    const { totals, elapsedMs } = await runSinglePass(file)

    expect(elapsedMs).toBeGreaterThan(0)
    expect(totals.flights).toBe(3_000_000)
    expect(totals.airports).toHaveLength(229)
    expect(totals.airports.reduce((sum, airport) => sum + airport.delayMinutes, 0)).toBe(20_003_603)
    expect(summarizeGroups(totals.routeDelays)).toHaveLength(3_399)
    fc.assert(
      fc.property(fc.shuffledSubarray(wholes, { minLength: wholes.length }), shuffled => {
        expect(isDeepStrictEqual(shuffled.reduce(mergeTotals, emptyTotals()), totals)).toBe(true)
      }),
      // Each run merges three million flights.
      { numRuns: 3 },
    )
  }, 240_000)

  test('reports each part once, in order', async () => {
    const rowGroups = [0, 1, 2].map(index => ({ index, firstRow: 4 * index, rowCount: 4 }))
    const flight = { airport: 'JFK', hour: 0, delay: 1 }
    const reported: number[] = []

    const { totals } = await runSinglePass(
      { rowGroups, rowCount: 12, readRowGroup: async index => toRows([flight, flight, flight, flight], 4 * index) },
      part => reported.push(part.index),
    )

    expect(reported).toEqual([...Array(12).keys()])
    expect(totals.flights).toBe(12)
  })
})
