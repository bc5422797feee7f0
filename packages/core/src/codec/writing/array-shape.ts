import { inspect } from 'node:util'

// Listing the keys of an array costs 15 ns each; up to here that is cheaper than inspect, which does not list indices.
const MAX_LISTED = 32

/**
 * Whether an array surely has no properties but its elements.
 *
 * V8 offers no cheap way to ask for the properties of an array other than its indices. `inspect` has one inside, and
 * takes the same time for a long array as for a short one. Should its text ever change, every long array would be
 * written with its keys: slower, not wrong.
 */
export function hasOnlyElements(array: readonly unknown[]): boolean {
  const { length } = array
  if (length <= MAX_LISTED) return Object.keys(array).length === length
  return inspect(array, { maxArrayLength: 0, depth: 0, customInspect: false }) === `[ ... ${length} more items ]`
}

/** Whether a property of an array is one of its first elements. */
export function isIndexBelow(key: string, end: number): boolean {
  const index = Number(key) >>> 0
  return index < end && String(index) === key
}
