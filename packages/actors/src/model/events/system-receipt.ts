import { showAs, type Leftovers, type ThreadReceipt } from '@zera/core/internal'
import type { StopPhase } from '../time/stop-limit.js'

/** What became of one actor when the system stopped. */
export interface ActorReceipt {
  readonly id: number
  readonly host: number
  readonly name: string
  readonly definition: string
  /**
   * `drained`: it had handled everything that had arrived. `hurried`: its deadline passed first. `failed`: it, or its
   * `onStop`, threw. `lost`: its thread went down meanwhile. `killed`: its thread was killed, because its `shutdownMs`
   * is `'kill'` or because it did not end in time. `down`: it, or its thread, had failed before and was not restarted
   * yet.
   */
  readonly outcome: StopOutcome | 'lost' | 'killed' | 'down'
  /**
   * The handler that had its thread when its time to stop was over, and for how long: `spin() of Counter#16@1 "counter"
   * for 5.0 s`. Undefined when none had kept the thread busy, or that is not known, as of a thread of another process.
   */
  readonly stalledBy?: string | undefined
}

/** What became of one service or supervisor when the system stopped. */
export interface PartReceipt {
  /** Its id after those of its supervisors: `/shop/server`. */
  readonly path: string
  /**
   * `drained`: it ended. `hurried`: it had not ended in its time, nor 50 ms later, and was left alone. `failed`: it
   * ended with an error.
   */
  readonly outcome: StopOutcome
}

/** What became of one child of a supervisor. */
export type ChildReceipt =
  | ({ readonly kind: 'actor' } & ActorReceipt)
  | ({ readonly kind: 'service' | 'supervisor' } & PartReceipt)

/** The record of a system's stop: what was stopped, in which order, and whether anything is left. */
export interface SystemReceipt {
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number
  readonly stoppedAtMs: number
  readonly durationMs: number
  /**
   * The threads of the system, in the order in which they ended, spare ones last. If more than a thousand ended, the
   * last thousand.
   */
  readonly threads: readonly ThreadReceipt[]
  /** How many threads the system had in all. */
  readonly threadCount: number
  /**
   * Every actor, service and supervisor that was there when the stop began, in the order in which their stops began:
   * last started first, children before their supervisor. Spawned actors stopped together.
   */
  readonly stopped: readonly ChildReceipt[]
  /** The actors among them. */
  readonly actors: readonly ActorReceipt[]
  /** Why the system stopped by itself: its own supervisor gave up. Undefined when the program asked it to stop. */
  readonly error: Error | undefined
  /** Restarts of actors, services and supervisors, including failed ones. */
  readonly restarts: number
  readonly deadLetters: number
  /** Messages whose content died with a thread, or dead letters without room for their content. */
  readonly messagesLost: number
  /** What was still open after the stop: 0 each for a clean one. */
  readonly left: Leftovers
  /** How far the stop had to go to keep its limit. */
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
 * What became of children in the end: a child that was hurried and left alone may have lost its thread afterwards.
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

/** Has a receipt shown by what is to be seen at a glance: what went wrong, one by one, and all else in numbers. */
export function shownReceipt(receipt: SystemReceipt): SystemReceipt {
  return showAs(receipt, ({ isClean, durationMs, phase, threads, threadCount, stopped, left, error, ...counts }) => ({
    title: 'SystemReceipt',
    parts: {
      isClean,
      durationMs,
      phase,
      threads: { count: threadCount, unclean: threads.filter(({ outcome }) => outcome !== 'clean') },
      stopped: { count: stopped.length, undrained: stopped.filter(({ outcome }) => outcome !== 'drained') },
      left: Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0)),
      restarts: counts.restarts,
      deadLetters: counts.deadLetters,
      messagesLost: counts.messagesLost,
      ...(error === undefined ? {} : { error }),
    },
  }))
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
 * How an actor stopped. `drained`: it had handled everything that had arrived. `hurried`: its deadline passed first.
 * `failed`: it, or what it did to stop, threw.
 */
export type StopOutcome = 'drained' | 'hurried' | 'failed'
