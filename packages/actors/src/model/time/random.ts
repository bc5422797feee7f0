/**
 * Chance, as the system sees it. Everything in this package that leaves something to chance takes it from here, so that
 * a test can repeat it.
 */
export interface Random {
  /** A number from 0 on and below 1, each as likely as the others. */
  next(): number
}

/** The chance of this machine. */
export const systemRandom: Random = { next: () => Math.random() }

/**
 * The same numbers for the same seed, on every machine: mulberry32. It is no source of secrets.
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
