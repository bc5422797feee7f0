import { describe, expect, it } from 'vitest'
import { judgeFlatness } from './flatness.js'
import type { Footprint } from './soak.js'

const flat = (cycles: number): Footprint => ({
  cycles,
  descriptors: { eventfd: 20, file: 10 },
  resources: 0,
  heapMb: 8,
  rssMb: 90,
})
const run = [flat(50), flat(100), flat(150)]

describe('judgeFlatness()', () => {
  it('has nothing to say of a flat run', () => {
    expect(judgeFlatness([...run, flat(200)])).toEqual([])
  })

  it.each([
    ['a descriptor more', { descriptors: { eventfd: 21, file: 10 } }],
    ['a descriptor of a kind that was not there', { descriptors: { eventfd: 19, file: 10, pipe: 1 } }],
    ['a resource left open', { resources: 1 }],
    ['a heap that grows', { heapMb: 11 }],
    ['memory that grows', { rssMb: 110 }],
  ])('finds %s', (_name, difference) => {
    expect(judgeFlatness([...run, { ...flat(200), ...difference }])).toHaveLength(1)
  })

  it('does not judge a run that is too short', () => {
    expect(judgeFlatness(run)).toHaveLength(1)
  })
})
