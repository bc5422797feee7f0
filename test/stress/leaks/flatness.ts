import type { Footprint } from './soak.js'

interface Limit {
  readonly key: 'heapMb' | 'rssMb'
  readonly name: string
  /** Growth between the second and the last quarter of a run that is still called flat. */
  readonly most: number
}

/** Memory may differ by what the allocator takes and gives back; a thread that is kept takes 9 MiB. */
const LIMITS: readonly Limit[] = [
  { key: 'heapMb', name: 'The heap, in MiB,', most: 1 },
  { key: 'rssMb', name: 'Memory, in MiB,', most: 6 },
]

/**
 * Judges a soak: nothing open, and descriptors and memory that do not grow. The first quarter is the warm-up, in which
 * the allocator and the compiler take what they will keep.
 *
 * @returns What is wrong, a sentence each; nothing when all is flat.
 */
export function judgeFlatness(footprints: readonly Footprint[]): string[] {
  const quarter = Math.floor(footprints.length / 4)
  if (quarter === 0) return ['Too few cycles to judge: there must be at least four reports']
  const faults: string[] = []
  const open = footprints.filter(footprint => footprint.resources > 0)
  if (open.length > 0)
    faults.push(`Resources were left open after ${open.map(footprint => footprint.cycles).join(', ')} cycles`)
  const grown = (value: (footprint: Footprint) => number): number =>
    lowest(footprints.slice(-quarter), value) - lowest(footprints.slice(quarter, 2 * quarter), value)
  for (const { key, name, most } of LIMITS) {
    const growth = grown(footprint => footprint[key])
    if (growth > most) faults.push(`${name} grew by ${Number(growth.toFixed(1))} (limit ${most})`)
  }
  // Each kind by itself: what one has lost another may have won.
  for (const kind of new Set(footprints.flatMap(({ descriptors }) => Object.keys(descriptors)))) {
    const growth = grown(({ descriptors }) => descriptors[kind] ?? 0)
    if (growth > 0) faults.push(`Descriptors of the kind ${kind} grew by ${growth} (limit 0)`)
  }
  return faults
}

/** The lowest of a quarter: what a thread that has just ended gives back, others give back a little later. */
function lowest(footprints: readonly Footprint[], value: (footprint: Footprint) => number): number {
  return Math.min(...footprints.map(value))
}
