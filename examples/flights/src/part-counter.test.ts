import { describe, expect, test } from 'vitest'
import { toRows } from './arbitrary-rows.js'
import { PartCounter } from './part-counter.js'
import { listParts } from './parts.js'
import { countFlights, mergeTotals } from './totals.js'

const flights = ['ATL', 'DEN', 'JFK', 'SEA', 'ATL', 'DEN', 'JFK', 'SEA'].map((airport, delay) => ({
  airport,
  hour: 9,
  delay,
}))

describe('PartCounter.count()', () => {
  test('counts the rows of its part alone, which together are those of the row group', async () => {
    const { file, parts } = recordFile()
    const counter = new PartCounter(file)

    const counted = []
    for (const part of parts) counted.push(await counter.count(part))

    expect(counted.map(totals => totals.flights)).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
    expect(counted.slice(4).reduce(mergeTotals)).toEqual(countFlights(toRows(flights, 8)))
  })

  test('decodes a row group once for parts that follow each other', async () => {
    const { file, parts, read } = recordFile()
    const counter = new PartCounter(file)

    for (const part of [...parts, parts[0]!]) await counter.count(part)

    expect(read).toEqual([0, 1, 0])
  })
})

/** A file of two row groups of eight flights each, and the row groups that were read. */
function recordFile() {
  const rowGroups = [0, 1].map(index => ({ index, firstRow: 8 * index, rowCount: 8 }))
  const read: number[] = []
  const file = {
    rowGroups,
    rowCount: 16,
    readRowGroup: async (index: number) => {
      read.push(index)
      return toRows(flights, 8 * index)
    },
  }
  return { file, read, parts: listParts(rowGroups) }
}
