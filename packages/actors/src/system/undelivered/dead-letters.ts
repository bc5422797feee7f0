import type { DeadLetter, DeadLetterReason } from '../../model/events/dead-letter.js'

/** What became of the dead letters of a system. The counters only grow, but for `kept`. */
export interface DeadLetterStatistics {
  readonly received: number
  readonly byReason: Readonly<Partial<Record<DeadLetterReason, number>>>
  /** Those that are here now, and about how many bytes they take. */
  readonly kept: number
  readonly keptBytes: number
  /** Those that gave way to later ones. */
  readonly dropped: number
  readonly replayed: number
}

/**
 * The last dead letters of a system, oldest first: when there are more than `maxDeadLetters`, or they take more than 64
 * MiB, the oldest give way. One that takes more by itself is not kept.
 */
export interface DeadLetters extends Iterable<DeadLetter> {
  readonly statistics: DeadLetterStatistics

  /** Those that are here now, so that they can be replayed while they are gone through. */
  [Symbol.iterator](): Iterator<DeadLetter>
}
