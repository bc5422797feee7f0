import type { Effort } from './effort.js'

/** A benchmark: systems that do the same, side by side in one run. Plain data; `runBench` runs it. */
export interface Bench {
  /** What `--only` takes. */
  readonly name: string
  /** What is measured, in a sentence of which the name is a shorthand. */
  readonly title: string
  /** What each round measures; each becomes a table. */
  readonly figures: readonly Figure[]
  /** The systems that others are compared with: of those that run here, the best one by its median. */
  readonly baselines: readonly string[]
  readonly contenders: readonly Contender[]
  /** Why targets of it are missed where they are, as profiles show, and what was tried. In Markdown. */
  readonly findings?: string
}

/** One number that a round gives. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** What our own contenders shall reach. Default: nothing. */
  readonly targets?: readonly Target[]
}

/** A bound that is met by as much or, where less is better, as little. */
export interface Target {
  /** The ratio to the baseline, or the median itself. */
  readonly of: 'ratio' | 'median'
  readonly limit: number
}

/** A system that takes part in a benchmark. */
export interface Contender {
  readonly system: string
  /** Whether targets are for it. Default: it is a peer. */
  readonly isOurs?: true
  /** Why it cannot run on this machine, or with so little effort. Default: it always can. */
  readonly absence?: (effort: Effort) => string | undefined
  /** Starts it once, for all rounds. */
  readonly start: (effort: Effort) => Promise<Running>
}

/** A system that runs, and is measured in turn with others. */
export interface Running extends AsyncDisposable {
  /**
   * One round, a number for each figure by its name.
   *
   * @throws {DeliveryError} When not everything was delivered once.
   */
  round(): Promise<Figures>
}

/** What a round has measured, by the names of the figures. */
export type Figures = Readonly<Record<string, number>>
