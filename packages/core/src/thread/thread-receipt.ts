import type { DownReason } from '../base/errors/down.js'

/** What a thread had left open when it stopped. Every number is 0 after a clean stop. */
export interface Leftovers {
  readonly sockets: number
  readonly timers: number
  readonly asks: number
  readonly blocks: number
  /** Messages that it had accepted but neither sent nor handled. */
  readonly messages: number
  /** Handles of Node that user code left open, such as servers and file watchers. */
  readonly handles: number
}

/** The proof of a stop. */
export interface ThreadReceipt {
  readonly thread: string
  readonly incarnation: number
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number
  readonly stoppedAtMs: number
  readonly durationMs: number
  readonly exitCode: number
  readonly outcome: 'clean' | 'killed' | 'crashed'
  readonly reason: DownReason
  /** What the thread reported; undefined when it ended without a report. */
  readonly left: Leftovers | undefined
}

/** The outcome for a reason. */
export function outcomeOf(reason: DownReason): ThreadReceipt['outcome'] {
  if (reason === 'stopped') return 'clean'
  return reason === 'killed' ? 'killed' : 'crashed'
}
