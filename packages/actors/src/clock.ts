import { performance } from 'node:perf_hooks'

/** Something that will run once, unless it is cancelled before. */
export interface Timer {
  cancel(): void
}

/** Time, as the system sees it. Everything in this package that needs time takes it from here, so that a test can move it. */
export interface Clock {
  /** Milliseconds that only grow, for spans. */
  now(): number
  /** Milliseconds since the Unix epoch, for people. */
  epochMs(): number
  /** Runs something after a time. It does not keep the process alive; hosts do. */
  after(ms: number, run: () => void): Timer
  /** Runs something after the event loop has had its turn. */
  soon(run: () => void): void
}

/** Node runs longer ones at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  after: (ms, run) => {
    let timer: NodeJS.Timeout
    const wait = (left: number): void => {
      const span = Math.min(left, LONGEST_TIMEOUT_MS)
      timer = setTimeout(() => (left > span ? wait(left - span) : run()), span).unref()
    }
    wait(ms)
    return { cancel: () => clearTimeout(timer) }
  },
  soon: run => void setImmediate(run),
}

/** Waits for a promise, but no longer than a time. It never rejects. */
export async function within(clock: Clock, ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined
  const passed = new Promise<void>(resolve => (timer = clock.after(ms, resolve)))
  await Promise.race([promise.catch(() => undefined), passed])
  timer?.cancel()
}
