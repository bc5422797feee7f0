/** When a stop is hurried and given up, in milliseconds from its start. */
export interface StopDeadlines {
  /** When it is hurried: its handler's signal aborts, waiting messages go back, and its `onStop` runs. */
  readonly hurryMs: number
  /** When it is left alone, with its `onStop` still running. */
  readonly leaveMs: number
}

/** The most milliseconds of its time that an actor reserves for its `onStop`; of less than 2.5 s it is a fifth. */
const ON_STOP_MS = 500
/** Milliseconds that are always left to report the end. */
const LEAST_MS = 10

/**
 * Divides the time that something has for its stop. It adds no time.
 *
 * @param shutdownMs Its time for the stop. `'kill'` is none.
 * @param spentMs How much of that others on its thread have used up.
 * @param hurryInMs When the stop of the whole system hurries it.
 */
export function deadlinesOf(shutdownMs: number | 'kill', spentMs: number, hurryInMs: number): StopDeadlines {
  const ownMs = shutdownMs === 'kill' ? 0 : Math.max(0, shutdownMs - spentMs)
  const hurryMs = Math.min(ownMs - onStopMs(ownMs), hurryInMs)
  return { hurryMs, leaveMs: Math.max(LEAST_MS, Math.min(ownMs, hurryMs + ON_STOP_MS)) }
}

/** The time left to a stop that is hurried now. */
export function hurriedDeadlines({ leaveMs }: StopDeadlines): StopDeadlines {
  return { hurryMs: 0, leaveMs: Math.min(leaveMs, ON_STOP_MS) }
}

/** How much of the remaining time others may take, so that enough is left for its `onStop`. */
export function beforeOnStopMs(leftMs: number): number {
  return leftMs === Infinity ? Infinity : leftMs - onStopMs(leftMs)
}

function onStopMs(ownMs: number): number {
  return Math.min(ON_STOP_MS, ownMs / 5)
}
