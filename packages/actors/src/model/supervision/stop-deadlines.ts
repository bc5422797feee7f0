/** How the end of something is hurried and given up, in milliseconds from its begin. */
export interface StopDeadlines {
  /** When it is hurried: its handler's signal aborts, what waits is given back, and its `onStop` runs. */
  readonly hurryMs: number
  /** When it is left alone, with its `onStop` still running. */
  readonly leaveMs: number
}

/** Milliseconds that an actor keeps of its time for its `onStop`, at most; of less than 2.5 s it is a fifth. */
const ON_STOP_MS = 500
/** Milliseconds that there are in any case to say that the end has come. */
const LEAST_MS = 10

/**
 * Divides the time that something has for its stop. Nothing is added to it.
 *
 * @param shutdownMs What it was given. `'kill'` is none.
 * @param spentMs What others on its thread have used up of that.
 * @param hurryInMs When the stop of the whole system hurries it.
 */
export function deadlinesOf(shutdownMs: number | 'kill', spentMs: number, hurryInMs: number): StopDeadlines {
  const ownMs = shutdownMs === 'kill' ? 0 : Math.max(0, shutdownMs - spentMs)
  const hurryMs = Math.min(ownMs - onStopMs(ownMs), hurryInMs)
  return { hurryMs, leaveMs: Math.max(LEAST_MS, Math.min(ownMs, hurryMs + ON_STOP_MS)) }
}

/** What a stop that is hurried now has left. */
export function hurriedDeadlines({ leaveMs }: StopDeadlines): StopDeadlines {
  return { hurryMs: 0, leaveMs: Math.min(leaveMs, ON_STOP_MS) }
}

/** What others may take of the time that something has left, so that its `onStop` has its own. */
export function beforeOnStopMs(leftMs: number): number {
  return leftMs === Infinity ? Infinity : leftMs - onStopMs(leftMs)
}

function onStopMs(ownMs: number): number {
  return Math.min(ON_STOP_MS, ownMs / 5)
}
