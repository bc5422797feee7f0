import type { Footprint } from './soak.js'

/** Growth between the second and the last quarter of a run that is still called flat: what the allocator takes and gives back. A thread that is kept takes 9 MiB. */
export const FLATNESS_LIMITS = { heapMb: 1, rssMb: 6 } as const

/**
 * Judges a soak: nothing open, no more descriptors than at first, and memory that does not grow. The first quarter is the warm-up, in
 * which the allocator and the compiler take what they will keep.
 *
 * @returns What is wrong, a sentence each; nothing when all is flat.
 */
export function judgeFlatness(footprints: readonly Footprint[]): string[] {
  const [first, last] = [footprints[0], footprints.at(-1)]
  const quarter = Math.floor(footprints.length / 4)
  if (first === undefined || last === undefined || quarter === 0) return ['Too few cycles to judge: there must be at least four reports']
  const faults: string[] = []
  const open = footprints.filter(footprint => footprint.resources > 0)
  if (open.length > 0) faults.push(`Resources were left open after ${open.map(footprint => footprint.cycles).join(', ')} cycles`)
  if (last.descriptors > first.descriptors) faults.push(`Descriptors grew from ${first.descriptors} to ${last.descriptors}`)
  for (const [key, name] of [['heapMb', 'The heap'], ['rssMb', 'Memory']] as const) {
    const grownMb = lowest(footprints.slice(-quarter), key) - lowest(footprints.slice(quarter, 2 * quarter), key)
    if (grownMb > FLATNESS_LIMITS[key]) faults.push(`${name} grew by ${grownMb.toFixed(1)} MiB (limit ${FLATNESS_LIMITS[key]})`)
  }
  return faults
}

/** The lowest of a quarter: a thread that has just ended may still hold its memory when the others are measured. */
function lowest(footprints: readonly Footprint[], key: 'heapMb' | 'rssMb'): number {
  return Math.min(...footprints.map(footprint => footprint[key]))
}
