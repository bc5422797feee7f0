import type { DeadLetter, DeadLetterReason } from '../../model/events/dead-letter.js'

/** Counts the dead letters of a system. All counters but `kept` only grow. */
export interface DeadLetterStatistics {
  readonly received: number
  readonly byReason: Readonly<Partial<Record<DeadLetterReason, number>>>
  /** The letters kept now, and about how many bytes they take. */
  readonly kept: number
  readonly keptBytes: number
  /** Letters that gave way to later ones. */
  readonly dropped: number
  readonly replayed: number
}

/**
 * The last dead letters of a system, oldest first: when there are more than `maxDeadLetters`, or they take more than 64
 * MiB, the oldest give way. One that takes more by itself is not kept.
 */
export interface DeadLetters extends Iterable<DeadLetter> {
  readonly statistics: DeadLetterStatistics

  /** The letters kept at the time of the call, so that a loop over them can replay them. */
  [Symbol.iterator](): Iterator<DeadLetter>
}
