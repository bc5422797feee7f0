/** How long to fuzz, and with which chance: the same frames for the same seed. */
export interface FuzzOptions {
  readonly frames: number
  readonly seed: number
}

/** What came of it in one set-up. */
export interface FuzzReport {
  /** What was attacked, and how. */
  readonly title: string
  /** Frames that were sent. */
  readonly frames: number
  readonly counts: Readonly<Record<string, number>>
  /** What should not have happened; empty when all is well. */
  readonly problems: readonly string[]
}

/** Something that listens, which is sent malformed frames. */
export interface FuzzTarget {
  readonly name: string
  /** What it is, in half a line. */
  readonly what: string
  /** Attacks it in each of its set-ups, one after the other, with so many frames each. */
  fuzz(options: FuzzOptions): AsyncIterable<FuzzReport>
}
