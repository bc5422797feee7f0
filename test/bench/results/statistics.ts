/** The middle of some numbers, of which there is at least one. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50)
}

/** The smallest number that `percent` of all do not exceed (nearest rank). There is at least one number. */
export function percentile(numbers: readonly number[] | Float64Array, percent: number): number {
  const sorted = Float64Array.from(numbers).toSorted()
  if (sorted.length === 0) throw new RangeError('Cannot take a percentile of no numbers')
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number
}
