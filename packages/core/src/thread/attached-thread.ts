import type { Pipe } from './pipe/pipe.js'
import type { ThreadSignals } from './thread-signals.js'

/**
 * A thread seen from inside: the argument of its module's default export.
 *
 * @see startThread for the other side.
 */
export interface AttachedThread {
  readonly name: string
  /** Which life of this thread this is, from 1. */
  readonly incarnation: number
  /** What the starter passed as `data`. */
  readonly data: unknown
  /** Values from and to the starter. It ends when the starter asks the thread to stop. */
  readonly pipe: Pipe
  /** Signals from and to the starter: `go`, `done`, `cancel` and any other words that the two agree on. */
  readonly signals: ThreadSignals
  /** Aborts when the starter asks the thread to stop: finish your work and return. */
  readonly stopping: AbortSignal
  /** Tells the starter that the thread is ready. The starter's `startThread` returns then. */
  ready(): void
  /** Counts the last value received on the pipe as handled. The return of the thread's function does the same. */
  finish(): void
}
