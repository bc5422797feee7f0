import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toRows } from './arbitrary-rows.js'
import { openFlightsFile } from './flights-file.js'
import { runSinglePass } from './single-pass.js'
import { countFlights, emptyTotals, mergeTotals, type Totals } from './totals.js'

describe('runSinglePass()', () => {
  test('gives exactly what the row groups give when they are merged in any order', async () => {
    const file = await openFlightsFile()
    const parts: Totals[] = []
    for (const { index } of file.rowGroups) parts.push(countFlights(await file.readRowGroup(index)))

    const { totals, elapsedMs } = await runSinglePass(file)

    expect(elapsedMs).toBeGreaterThan(0)
    expect(totals.flights).toBe(3_000_000)
    expect(totals.airports).toHaveLength(229)
    expect(totals.airports.reduce((sum, airport) => sum + airport.delayMinutes, 0)).toBe(20_003_603)
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), shuffled => {
        expect(shuffled.reduce(mergeTotals, emptyTotals())).toEqual(totals)
      }),
    )
  }, 120_000)

  test('reports each row group once, in order', async () => {
    const rowGroups = [0, 1, 2].map(index => ({ index, firstRow: index, rowCount: 1 }))
    const rows = toRows([{ airport: 'JFK', hour: 0, delay: 1 }])
    const reported: number[] = []

    const { totals } = await runSinglePass({ rowGroups, rowCount: 3, readRowGroup: async () => rows }, rowGroup =>
      reported.push(rowGroup.index),
    )

    expect(reported).toEqual([0, 1, 2])
    expect(totals.flights).toBe(3)
  })
})
