import { guarded } from '../errors/uncaught.js'
import { clearTimeout, monotonicMs, setTimeout } from '../runtime/real-timers.js'
import { caughtUp } from './caught-up.js'
import { onAbort } from './on-abort.js'

/** The longest that a timer of Node can wait, 24.8 days; it fires at once when it is asked for more. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Calls back when some milliseconds have passed; with Infinity, or more than 24 days, never. Returns the function that
 * cancels it.
 */
export function after(ms: number, callback: () => void): () => void {
  if (ms > LONGEST_MS) return () => undefined
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/**
 * As `after`, for what somebody waits for: calls back when what had arrived by then was received, so that a thread that
 * was too busy to look finds what came in time, and cancels it.
 */
export function whenDue(ms: number, passed: () => void): () => void {
  const due = monotonicMs() + ms
  let isCancelled = false
  const cancel = after(ms, () => {
    void caughtUp(monotonicMs() - due).then(() => isCancelled || guarded(passed))
  })
  return () => {
    isCancelled = true
    cancel()
  }
}

/**
 * Calls back once when a signal aborts. Where it does so for a deadline, as those of `AbortSignal.timeout` do, that is
 * when what had arrived by then was received. Returns the function that takes the wish back.
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  let isCancelled = false
  const aborted = (): void => {
    const { reason } = signal as { reason: unknown }
    if (!(reason instanceof DOMException && reason.name === 'TimeoutError')) callback()
    else void caughtUp().then(() => isCancelled || guarded(callback))
  }
  const forget = onAbort(signal, aborted)
  return () => {
    isCancelled = true
    forget()
  }
}

/** @throws {RangeError} When a number is no span of time: negative, or not a number. */
export function expectMs(name: string, ms: number): void {
  if (!(ms >= 0))
    throw new RangeError(`Cannot wait ${ms} ms: ${name} must be a number of milliseconds from 0 on, or Infinity`)
}
