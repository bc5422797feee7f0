import type { Address } from './address.js'

/**
 * What is done about a handler that goes on when its asker has given up, after `context.signal` has told it. Plain
 * data, with the definition.
 */
export interface CancelSpec {
  /**
   * Milliseconds that the handler has to come to its end when the signal has aborted; then its actor is restarted
   * without it. Infinity: it is left alone.
   */
  readonly graceMs: number
  /** Milliseconds that its thread then has to do that, before it is killed: it spins. Infinity: it is not killed. */
  readonly killMs: number
}

/** The defaults of `cancel: {}`, all in one place. Without `cancel` a handler is told and left alone. */
export const DEFAULT_CANCEL: CancelSpec = { graceMs: 1000, killMs: 5000 }

/** How far it went until the handler of an ask that was given up had come to its end. */
export type CancelOutcome =
  /**
   * It was told by `context.signal`, or had not begun. Without `cancel` nothing more is done, so it may go on; with it,
   * it has ended.
   */
  | 'signalled'
  /**
   * It went on for `graceMs`, and the actor was restarted without it. What it still does has no effect on the new
   * instance.
   */
  | 'actor-restarted'
  /** Its thread did not answer for another `killMs` and was killed. */
  | 'thread-killed'
  /** Its thread went down meanwhile, for another reason. */
  | 'thread-down'

/** An ask that was given up, and whose handler shall come to an end. */
export interface CancelOrder {
  readonly target: Address
  /** The number of the host that had asked, and by what number. */
  readonly asker: number
  readonly correlation: number
  /**
   * Names the incarnation of the target that was asked: the number of the asker's link to it, or to the main thread
   * when the two are on one host. 0 when it has none yet. What is done to a thread is done to that one, and not to the
   * next.
   */
  readonly link: number
  readonly cancel: CancelSpec
}

/**
 * Fills in the defaults. It travels in JSON, which knows no Infinity.
 *
 * @throws {RangeError} When a time is negative or
 * none.
 */
export function cancelSpec(options: Partial<CancelSpec>): CancelSpec {
  const { graceMs, killMs } = { ...DEFAULT_CANCEL, ...options }
  for (const [name, ms] of Object.entries({ graceMs, killMs })) {
    if (!(ms >= 0)) throw new RangeError(`Cannot define an actor: ${name} must be 0 or more, not ${ms}`)
  }
  return { graceMs: Math.min(graceMs, FOR_EVER_MS), killMs: Math.min(killMs, FOR_EVER_MS) }
}

const FOR_EVER_MS = Number.MAX_SAFE_INTEGER
