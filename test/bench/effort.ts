/** How long and how often everything is measured. */
export interface Effort {
  /** Rounds that count. */
  readonly rounds: number
  /** Rounds before them, in which each system finds how much fits into a round. */
  readonly warmUps: number
  /** Milliseconds that these take at least, in which V8 compiles. */
  readonly warmUpMs: number
  /** Milliseconds that a round shall take. */
  readonly roundMs: number
  /** Milliseconds of a round in which nothing is done, where being idle is what is measured. */
  readonly idleMs: number
  /**
   * Milliseconds after which a system takes part in no further rounds, but for its first one: what is too slow does not
   * hold up everybody.
   */
  readonly contenderMs: number
  /** The most of anything that is made in numbers: actors, items, messages before an answer. */
  readonly most: number
}

/** How much effort there is to choose from. */
export const EFFORTS = {
  /** Medians of seven rounds. */
  full: { rounds: 7, warmUps: 2, warmUpMs: 1000, roundMs: 250, idleMs: 2000, contenderMs: 20_000, most: 100_000 },
  /** Shorter rounds, and fewer. */
  quick: { rounds: 5, warmUps: 2, warmUpMs: 250, roundMs: 60, idleMs: 500, contenderMs: 5000, most: 10_000 },
  /** Just enough for a test to see that a benchmark still runs. Its figures mean nothing. */
  tiny: { rounds: 1, warmUps: 0, warmUpMs: 0, roundMs: 1, idleMs: 10, contenderMs: 1000, most: 1000 },
} as const satisfies Record<string, Effort>

export type EffortName = keyof typeof EFFORTS
