import type { Leftovers, ThreadReceipt } from '@zera/core/internal'
import type { StopPhase } from '../time/stop-limit.js'

/** What became of one actor when the system stopped. */
export interface ActorReceipt {
  readonly id: number
  readonly host: number
  readonly name: string
  readonly definition: string
  /**
   * `drained`: it had handled all that had arrived. `hurried`: its deadline passed first. `failed`: it, or its
   * `onStop`, threw. `lost`: its thread went down meanwhile. `killed`: its thread was killed, as its `shutdownMs` of
   * `'kill'` says, or since it did not come to its end in its time. `down`: it had failed before, or its thread had,
   * and was yet to be started again.
   */
  readonly outcome: StopOutcome | 'lost' | 'killed' | 'down'
}

/** What became of one service or supervisor when the system stopped. */
export interface PartReceipt {
  /** Its id behind those of its supervisors: `/shop/server`. */
  readonly path: string
  /**
   * `drained`: it had come to its end. `hurried`: it had not in its time, nor 50 ms later, and was left alone.
   * `failed`: it had, with an error.
   */
  readonly outcome: StopOutcome
}

/** What became of one child of a supervisor. */
export type ChildReceipt =
  | ({ readonly kind: 'actor' } & ActorReceipt)
  | ({ readonly kind: 'service' | 'supervisor' } & PartReceipt)

/** The proof that a system has stopped: what was stopped, in which order, and that nothing is left. */
export interface SystemReceipt {
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number
  readonly stoppedAtMs: number
  readonly durationMs: number
  /**
   * The threads that the system had, in the order in which they ended; last those that were spare. Of more than a
   * thousand that ended, the last thousand.
   */
  readonly threads: readonly ThreadReceipt[]
  /** How many threads there were in all. */
  readonly threadCount: number
  /**
   * Every actor, service and supervisor that was there when the stop began, in the order in which their stops began:
   * last started first, children before their supervisor. What was spawned was stopped together.
   */
  readonly stopped: readonly ChildReceipt[]
  /** The actors among them. */
  readonly actors: readonly ActorReceipt[]
  /** Why the system stopped of its own accord: its own supervisor gave up. Undefined when it was asked to. */
  readonly error: Error | undefined
  /** Restarts of actors, services and supervisors, also those in vain. */
  readonly restarts: number
  readonly deadLetters: number
  /** Messages whose content died with a thread, or that were dead letters without room for their content. */
  readonly messagesLost: number
  /** What was still open after the stop: 0 each for a clean one. */
  readonly left: Leftovers
  /** How far the stop went to keep its limit. */
  readonly phase: StopPhase
  /**
   * Whether every thread that still ran ended cleanly, every actor and service was drained or down, nothing is left,
   * and the limit was kept.
   */
  readonly isClean: boolean
}

const NOTHING: Leftovers = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }

/** Adds up what several threads had left. */
export function addLeftovers(left: readonly Partial<Leftovers>[]): Leftovers {
  const sum = { ...NOTHING }
  for (const some of left) for (const kind of Object.keys(sum) as (keyof typeof sum)[]) sum[kind] += some[kind] ?? 0
  return sum
}

/**
 * What became of children in the end: one that was hurried, and nobody waited for, may have lost its thread after that.
 *
 * @param killed The hosts whose threads were killed.
 */
export function withKilledThreads(stopped: readonly ChildReceipt[], killed: ReadonlySet<number>): ChildReceipt[] {
  return stopped.map(child =>
    child.kind === 'actor' && child.outcome === 'hurried' && killed.has(child.host)
      ? { ...child, outcome: 'lost' }
      : child,
  )
}

/** Judges a stop. */
export function isCleanStop(
  stop: Pick<SystemReceipt, 'stopped' | 'left' | 'phase'> & { readonly lastThreads: readonly ThreadReceipt[] },
): boolean {
  return (
    stop.lastThreads.every(thread => thread.outcome === 'clean') &&
    stop.stopped.every(({ outcome }) => outcome === 'drained' || outcome === 'down') &&
    stop.phase !== 'abandoned' &&
    Object.values(stop.left).every(count => count === 0)
  )
}

/**
 * How an actor came to its stop. `drained`: it had handled all that had arrived. `hurried`: its deadline passed first.
 * `failed`: it, or what it did to stop, threw.
 */
export type StopOutcome = 'drained' | 'hurried' | 'failed'
