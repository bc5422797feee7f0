import type { Effort } from './effort.js'

/** A benchmark: systems that do the same, side by side in one run. Plain data; `runBench` runs it. */
export interface Bench {
  /** What `--only` takes. */
  readonly name: string
  /** What is measured, in a sentence of which the name is a shorthand. */
  readonly title: string
  /** What one has to know to read its figures. In Markdown. */
  readonly notes?: string
  /** What each round measures; each becomes a table. */
  readonly figures: readonly Figure[]
  /** What a round measures one after the other, all systems side by side at each. Default: it is one thing. */
  readonly parts?: readonly Part[]
  /** What else is so while it runs. Default: it has all cores, and nothing runs beside it. */
  readonly place?: Place
  /** The heading of its column in the map of ratios, where benchmarks with the same parts stand side by side. */
  readonly column?: string
  /** The systems that others are compared with: of those that run here, the best one by its median. */
  readonly baselines: readonly string[]
  readonly contenders: readonly Contender[]
  /** Why targets of it are missed where they are, as profiles show, and what was tried. In Markdown. */
  readonly findings?: string
}

/** Where a benchmark runs, when not by itself on all cores. */
export interface Place {
  /** Its threads share one core. */
  readonly isOneCore?: boolean
  /** Processes that take all the processor time that they get. Default: none. */
  readonly busyProcesses?: number
}

/** One number that a round gives. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** What our own contenders shall reach. Default: nothing. */
  readonly targets?: readonly Target[]
}

/** One of several things of which a round measures all figures. */
export interface Part {
  readonly name: string
  /** What our own contenders shall reach here, by the names of the figures. Default: what the figures say. */
  readonly targets?: Readonly<Record<string, readonly Target[]>>
}

/** A bound that is met by as much or, where less is better, as little. */
export interface Target {
  /** The contender it is for. Default: all of ours. */
  readonly system?: string
  /** The ratio to the baseline, or the median itself. */
  readonly of: 'ratio' | 'median'
  readonly limit: number
}

/** A system that takes part in a benchmark. */
export interface Contender {
  readonly system: string
  /** Whether targets are for it. Default: it is a peer. */
  readonly isOurs?: true
  /** The names of the parts in which it takes part. Default: all. */
  readonly parts?: readonly string[]
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
   * @param part The name of what is measured, in a benchmark that has parts.
   * @throws {DeliveryError} When not everything was delivered once.
   */
  round(part?: string): Promise<Figures>
}

/** What a round has measured, by the names of the figures. */
export type Figures = Readonly<Record<string, number>>
