import { isDeepStrictEqual } from 'node:util'
import type { ActorRef } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import { Aggregator } from './aggregator.js'
import { sliceRows } from './flight-rows.js'
import { openFlightsFile } from './flights-file.js'
import { listParts } from './parts.js'
import type { Sink } from './sink.js'
import { countFlights, type Totals } from './totals.js'

describe('Aggregator', () => {
  test('gives the sink the totals of its part', async () => {
    const { sink, added } = recordSink()
    const aggregator = new Aggregator()
    await aggregator.onStart({ sink })

    const file = await openFlightsFile()
    const part = listParts(file.rowGroups).at(-1)!
    const steps = await readAll(aggregator.aggregate(part))

    expect(steps).toEqual(['begun'])
    const rows = await file.readRowGroup(part.rowGroup)
    const totals = countFlights(sliceRows(rows, part.firstRow, file.rowCount))
    expect(added.map(([index]) => index)).toEqual([part.index])
    expect(isDeepStrictEqual(added[0]![1], totals)).toBe(true)
  })

  test('throws in its next job when it is sabotaged, and gives the sink nothing', async () => {
    const { sink, added } = recordSink()
    const aggregator = new Aggregator()
    await aggregator.onStart({ sink })

    aggregator.sabotage()

    await expect(readAll(aggregator.aggregate({ index: 0, rowGroup: 0, firstRow: 0, rowCount: 1 }))).rejects.toThrow(
      'made to throw',
    )
    expect(added).toEqual([])
  })
})

async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** All of a sink's ref that an aggregator uses. */
function recordSink() {
  const added: [number, Totals][] = []
  const ask = { add: async (part: number, totals: Totals) => void added.push([part, totals]) }
  return { sink: { ask } as unknown as ActorRef<Sink>, added }
}
