import type { Cancellable } from '../base/time/cancellable.js'
import { callerClock } from '../base/time/clock.js'

/**
 * Runs something with a signal that aborts after a time. Resolves with undefined when it has not ended by then, and
 * ignores its later errors.
 */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const late = new AbortController()
  let timer: Cancellable | undefined
  const over = new Promise<undefined>(resolve => {
    timer = callerClock.after(ms, () => {
      resolve(undefined)
      late.abort(new DOMException(`It took more than ${ms} ms`, 'TimeoutError'))
    })
  })
  const done = work(late.signal)
  done.catch(() => undefined)
  try {
    return await Promise.race([done, over])
  } finally {
    timer?.cancel()
  }
}
