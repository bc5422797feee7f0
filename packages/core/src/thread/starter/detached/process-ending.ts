import { constants } from 'node:os'
import { reasonOf, type DownReason } from '../../../base/errors/down.js'
import { MemoryLimitError, ProcessDownError, type ProcessEnd } from '../../../base/errors/errors.js'

/** Windows says by numbers from here on what POSIX says by signals. */
const FIRST_FAULT = 0xc000_0000
/** What `abort()` gives where there are no signals. */
const ABORTED = 134

/** What is known of a process when it has ended. */
export interface ProcessEnding extends ProcessEnd {
  /** What it said that it threw, or why it did not even begin. */
  readonly error: Error | undefined
  /** Whether it said that it has done all. */
  readonly hasReported: boolean
  readonly wasKilled: boolean
  /** What it said of its memory before it ended itself. */
  readonly overLimit: { readonly maxRssMb: number; readonly rssMb: number } | undefined
}

/** Decides how a process ended. */
export function judgeProcess(
  name: string,
  ending: ProcessEnding,
): { readonly reason: DownReason; readonly exitCode: number; readonly error: Error | undefined } {
  const { signal, overLimit, error, hasReported, wasKilled } = ending
  const exitCode = signal === undefined ? (ending.exitCode ?? 1) : 128 + constants.signals[signal]
  if (overLimit !== undefined)
    return { reason: 'memory-limit', exitCode, error: new MemoryLimitError(name, overLimit.maxRssMb, overLimit.rssMb) }
  const hasSaidWhy = error !== undefined || hasReported || wasKilled
  if (!hasSaidWhy && (signal !== undefined || exitCode === ABORTED || exitCode >= FIRST_FAULT))
    return { reason: 'crashed', exitCode, error: new ProcessDownError(name, ending) }
  return { reason: reasonOf({ exitCode, error, hasReachedHeapLimit: false, hasReported, wasKilled }), exitCode, error }
}
