/** Whole numbers from 0 to 2^32 - 1 that follow from a seed and look like chance (xorshift32). */
export function chance(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>>= 0)
  }
}
