import { NUMBER, expectNumber, withoutUndefined, type Optional, expectOptions, optionNames } from '@zera/core/internal'
import type { Address } from './address.js'

/**
 * What happens to a handler that goes on after its asker has given up and its `context.signal` has aborted. Plain data,
 * part of the definition.
 */
export interface CancelSpec {
  /**
   * Milliseconds that the handler has to finish after its signal has aborted. Then its actor is restarted without it.
   * Infinity: the handler is left alone.
   */
  readonly graceMs: number
  /**
   * Milliseconds that its thread then has for that restart. A thread that does not make it in time spins, and is
   * killed. Infinity: it is not killed.
   */
  readonly killMs: number
}

/** The defaults of `cancel: {}`. Without `cancel`, the handler's signal aborts and nothing else happens. */
export const DEFAULT_CANCEL: CancelSpec = { graceMs: 1000, killMs: 5000 }

/** How far the cancellation of an abandoned ask had to go until its handler ended. */
export type CancelOutcome =
  /**
   * Its `context.signal` aborted, or the handler had not begun. Without `cancel` nothing more happens, so it may still
   * run; with `cancel` it has ended.
   */
  | 'signalled'
  /**
   * It went on for `graceMs`, so the actor was restarted without it. What it still does has no effect on the new
   * instance.
   */
  | 'actor-restarted'
  /** Its thread did not answer for another `killMs`, and was killed. */
  | 'thread-killed'
  /** Its thread went down in the meantime, for another reason. */
  | 'thread-down'

/** An abandoned ask whose handler has to end. */
export interface CancelOrder {
  readonly target: Address
  /** The number of the host that had asked, and the number of its ask. */
  readonly asker: number
  readonly correlation: number
  /**
   * Identifies the incarnation of the target that was asked: the number of the asker's link to it, or to the main
   * thread when the two are on one host. 0 when it has none yet. Only the thread of that incarnation is killed, not the
   * next one.
   */
  readonly link: number
  readonly cancel: CancelSpec
}

/**
 * Fills in the defaults. It travels as JSON, which has no Infinity.
 *
 * @throws {RangeError} When a time is negative or not a number.
 */
export function cancelSpec(options: Optional<CancelSpec>): CancelSpec {
  expectOptions('define an actor: cancel', options, CANCEL_OPTIONS)
  const { graceMs, killMs } = { ...DEFAULT_CANCEL, ...withoutUndefined(options) }
  for (const [name, ms] of Object.entries({ graceMs, killMs })) expectNumber('define an actor', name, ms)
  return { graceMs: Math.min(graceMs, FOR_EVER_MS), killMs: Math.min(killMs, FOR_EVER_MS) }
}

const CANCEL_OPTIONS = optionNames<CancelSpec>({ graceMs: NUMBER, killMs: NUMBER })
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER
