import { ProcessDownError } from './errors.js'
import { describeThrown } from './thrown.js'

/** How a thread ended. */
export type DownReason =
  /** Its function returned, it reported, closed everything and left with exit code 0. */
  | 'stopped'
  /** It was killed: by `kill()`, or because it did not stop within its deadline. */
  | 'killed'
  /** It called `process.exit()`. */
  | 'exited'
  /** Code in it threw, or a promise was rejected, and nothing caught the error. */
  | 'threw'
  /** It reached its heap limit. */
  | 'heap-limit'
  /** Its process reached its memory limit, and was ended for that. */
  | 'memory-limit'
  /**
   * A signal that Zera did not send ended its process: a fault in native code, an abort, or a kill from outside, for
   * example when the machine runs out of memory.
   */
  | 'crashed'
  /** Its process has ended, or can no longer be reached. How far it got since then is unknown. */
  | 'unreachable'

/** The single event that reports a thread's end. */
export interface Down {
  readonly thread: string
  readonly incarnation: number
  readonly reason: DownReason
  readonly exitCode: number
  /** What was thrown, or a HeapLimitError, a MemoryLimitError or a ProcessDownError. */
  readonly error: Error | undefined
}

/** Says in words how a thread ended. */
export function describeDown(down: Down): string {
  switch (down.reason) {
    case 'stopped':
      return 'it has stopped'
    case 'killed':
      return 'it was killed'
    case 'exited':
      return `it called process.exit(${down.exitCode})`
    case 'threw':
      return `it threw ${describeThrown(down.error)}`
    case 'heap-limit':
      return 'it reached its heap limit'
    case 'memory-limit':
      return 'its process reached its memory limit'
    case 'crashed':
      return `its process was ended by ${down.error instanceof ProcessDownError ? (down.error.signal ?? `a fault (exit code ${down.exitCode})`) : 'a fault'}`
    case 'unreachable':
      return 'its process ended or cannot be reached'
  }
}

/** What is known of a thread's end when its worker has gone. */
export interface Ending {
  readonly exitCode: number
  readonly error: Error | undefined
  /** Whether it ended itself because its heap was full. */
  readonly hasReachedHeapLimit: boolean
  readonly hasReported: boolean
  readonly wasKilled: boolean
}

/** Decides how a thread ended. An error says more than a kill that came while the thread was dying of it. */
export function reasonOf(ending: Ending): DownReason {
  const error: NodeJS.ErrnoException | undefined = ending.error
  if (ending.hasReachedHeapLimit || error?.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'heap-limit'
  if (ending.error !== undefined) return 'threw'
  if (ending.hasReported) return 'stopped'
  return ending.wasKilled ? 'killed' : 'exited'
}
