import { isDeepStrictEqual } from 'node:util'
import type { ActorRef } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import { Aggregator } from './aggregator.js'
import { openFlightsFile } from './flights-file.js'
import type { Sink } from './sink.js'
import { countFlights, type Totals } from './totals.js'

describe('Aggregator', () => {
  test('gives the sink the totals of its row group', async () => {
    const { sink, added } = recordSink()
    const aggregator = new Aggregator()
    await aggregator.onStart({ sink })

    const steps = await readAll(aggregator.aggregate(10))

    expect(steps).toEqual(['begun'])
    const file = await openFlightsFile()
    expect(added.map(([rowGroup]) => rowGroup)).toEqual([10])
    expect(isDeepStrictEqual(added[0]![1], countFlights(await file.readRowGroup(10)))).toBe(true)
  })

  test('throws in its next job when it is sabotaged, and gives the sink nothing', async () => {
    const { sink, added } = recordSink()
    const aggregator = new Aggregator()
    await aggregator.onStart({ sink })

    aggregator.sabotage()

    await expect(readAll(aggregator.aggregate(10))).rejects.toThrow('made to throw')
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
  const ask = { add: async (rowGroup: number, totals: Totals) => void added.push([rowGroup, totals]) }
  return { sink: { ask } as unknown as ActorRef<Sink>, added }
}
