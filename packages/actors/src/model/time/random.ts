/** The system's source of randomness. Everything random in this package comes from here, so that a test can repeat it. */
export interface Random {
  /** A number from 0 up to but not including 1, uniformly distributed. */
  next(): number
}

/** The randomness of this machine. */
export const systemRandom: Random = { next: () => Math.random() }

/**
 * The same numbers for the same seed, on every machine: mulberry32. Do not use it for secrets.
 *
 * @param seed A whole number, of which 32 bits count.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}
