import { caughtUp, guarded, realTimers } from '@zera/core'

/** Time, as a device sees it, so that a test can move it. */
export interface Clock {
  /** Milliseconds that only grow, for spans. */
  now(): number
  /**
   * Runs something once after a time, unless the returned function is called before. With Infinity it never runs. It
   * does not keep the process alive; sockets do.
   */
  after(ms: number, run: () => void): () => void
}

/** The longest that a timer of Node can wait; it fires at once when it is asked for more. */
const LONGEST_MS = 2 ** 31 - 1

/** The time of this machine. What is run after a time runs when all that had arrived by then was received. */
export const systemClock: Clock = {
  now: realTimers.monotonicMs,
  after: (ms, run) => {
    if (ms > LONGEST_MS) return () => undefined
    const due = realTimers.monotonicMs() + ms
    let isCancelled = false
    // What came in time counts, also where the thread was too busy to look.
    const timer = realTimers
      .setTimeout(() => void caughtUp(realTimers.monotonicMs() - due).then(() => isCancelled || guarded(run)), ms)
      .unref()
    return () => {
      isCancelled = true
      realTimers.clearTimeout(timer)
    }
  },
}

/** Resolves with whether something has come to pass within a time. With 0 it does not wait. */
export async function within(clock: Clock, ms: number, event: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => undefined
  const late = new Promise<false>(resolve => {
    if (ms > 0) cancel = clock.after(ms, () => resolve(false))
    else resolve(false)
  })
  try {
    return await Promise.race([event.then(() => true), late])
  } finally {
    cancel()
  }
}

/** Runs something again and again, until the returned function is called. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = (): void => undefined
  const again = (): void => {
    cancel = clock.after(ms, () => {
      again()
      run()
    })
  }
  again()
  return () => cancel()
}
