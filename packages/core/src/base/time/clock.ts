import { guarded } from '../errors/uncaught.js'
import { clearTimeout, epochMs, monotonicMs, setImmediate, setTimeout } from '../runtime/real-timers.js'
import { cancellable, type Cancellable } from './cancellable.js'
import { caughtUp } from './caught-up.js'

/** Time, as Zera sees it. All code that needs time takes it from here, so that a test can move it. */
export interface Clock {
  /** Monotonic milliseconds, for durations. */
  now(): number
  /** Milliseconds since the Unix epoch, for people. */
  epochMs(): number
  /** Runs something once after a time, or never with Infinity. It does not keep the process alive. */
  after(ms: number, run: () => void): Cancellable
  /** Runs something after the event loop has had its turn. */
  soon(run: () => void): void
  /**
   * Resolves when everything that had arrived for this thread by now was received, for a check that comes late.
   * Undefined where nothing can delay a check.
   */
  readonly caughtUp?: ((lateMs: number) => Promise<void>) | undefined
}

/** The longest that a Node timer can wait, 24.8 days; with more it fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

const NO_TIMER = cancellable(() => undefined)

/** The time of this machine. */
export const systemClock: Clock = {
  now: monotonicMs,
  epochMs,
  after: (ms, run) => startTimer(ms, run, timer => timer.unref()),
  soon: setImmediate,
  caughtUp,
}

/** The time of this machine for callers that wait: its timers keep the process alive. */
export const callerClock: Clock = { ...systemClock, after: (ms, run) => startTimer(ms, run, timer => timer) }

/**
 * Decides, after a deadline has passed, as soon as everything that had arrived by now was received. What came in time
 * is the outcome, even where the thread was too busy to look.
 */
export function catchUp(clock: Clock, lateMs: number, decide: () => void): void {
  if (clock.caughtUp === undefined) decide()
  else void clock.caughtUp(lateMs).then(() => guarded(decide))
}

/**
 * Like `clock.after`, for something that a caller waits for: it passes when all that had arrived by then was received,
 * and has not cancelled it.
 */
export function whenDue(clock: Clock, ms: number, passed: () => void): Cancellable {
  const due = clock.now() + ms
  let isCancelled = false
  const timer = clock.after(ms, () => {
    catchUp(clock, clock.now() - due, () => {
      if (!isCancelled) passed()
    })
  })
  return cancellable(() => {
    isCancelled = true
    timer.cancel()
  })
}

/**
 * Waits for a promise, but no longer than a time; with 0 only until what has already arrived was received. Resolves
 * with whether the promise has settled. It never rejects: await the promise itself for its outcome.
 */
export async function within(clock: Clock, ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer = NO_TIMER
  const late = new Promise<false>(resolve => {
    const passed = (): void => resolve(false)
    if (ms > 0) timer = whenDue(clock, ms, passed)
    else catchUp(clock, 0, passed)
  })
  const settled = promise.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, late])
  } finally {
    timer.cancel()
  }
}

/**
 * Runs work with a signal that aborts after a time. Resolves with undefined when the work has not ended by then, and
 * ignores its later errors; rejects as it does when it fails before.
 */
export async function runWithin<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController()
  const done = work(late.signal)
  if (await within(clock, ms, done)) return done
  late.abort(new DOMException(`It took more than ${ms} ms`, 'TimeoutError'))
  return undefined
}

/** Runs something again and again, each time when all that had arrived by then was received. */
export function every(clock: Clock, ms: number, run: () => void): Cancellable {
  let timer = NO_TIMER
  const again = (): void => {
    timer = whenDue(clock, ms, () => {
      again()
      run()
    })
  }
  again()
  return cancellable(() => timer.cancel())
}

/** A Node timer, started again where a single one cannot wait long enough. */
function startTimer(ms: number, run: () => void, started: (timer: NodeJS.Timeout) => NodeJS.Timeout): Cancellable {
  if (ms === Infinity) return NO_TIMER
  let timer: NodeJS.Timeout
  const wait = (left: number): void => {
    const span = Math.min(left, LONGEST_TIMEOUT_MS)
    timer = started(setTimeout(() => (left > span ? wait(left - span) : run()), span))
  }
  wait(ms)
  return cancellable(() => clearTimeout(timer))
}
