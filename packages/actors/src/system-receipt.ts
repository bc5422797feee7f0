import type { Leftovers, ThreadReceipt } from '@zera/core'
import type { StopOutcome } from './cell.js'

/** What became of one actor when the system stopped. */
export interface ActorReceipt {
  readonly id: number
  readonly host: number
  readonly name: string
  readonly definition: string
  /**
   * `drained`: it had handled all that had arrived. `hurried`: its deadline passed first. `failed`: it, or its `onStop`, threw. `lost`: its
   * thread was gone.
   */
  readonly outcome: StopOutcome | 'lost'
}

/** The proof that a system has stopped: what was stopped, in which order, and that nothing is left. */
export interface SystemReceipt {
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly stoppedAt: number
  readonly durationMs: number
  /** Every thread that the system ever had, in the order in which they ended. */
  readonly threads: readonly ThreadReceipt[]
  /** Every actor that ran when the stop began, in the order in which they were stopped: last started first. */
  readonly actors: readonly ActorReceipt[]
  readonly restarts: number
  readonly deadLetters: number
  /** Messages whose content died with a thread, or that were dead letters without room for their content. */
  readonly messagesLost: number
  /** What was still open after the stop: 0 each for a clean one. */
  readonly left: Leftovers
  /** Whether the last incarnation of every thread ended cleanly, every actor was drained, and nothing is left. */
  readonly isClean: boolean
}

const NOTHING: Leftovers = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }

/** Adds up what several threads had left. */
export function addLeftovers(left: readonly Partial<Leftovers>[]): Leftovers {
  const sum = { ...NOTHING }
  for (const some of left) for (const kind of Object.keys(sum) as (keyof typeof sum)[]) sum[kind] += some[kind] ?? 0
  return sum
}

/** Judges a stop. */
export function isCleanStop(stop: Pick<SystemReceipt, 'actors' | 'left'> & { readonly lastThreads: readonly ThreadReceipt[] }): boolean {
  return (
    stop.lastThreads.every(thread => thread.outcome === 'clean') &&
    stop.actors.every(actor => actor.outcome === 'drained') &&
    Object.values(stop.left).every(count => count === 0)
  )
}
