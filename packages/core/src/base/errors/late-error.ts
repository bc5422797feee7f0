import { isError } from './thrown.js'

/** Causes that an error takes along when it ends its thread. */
const MOST_CAUSES = 50

/**
 * Makes uncaught errors of this thread end only this thread. Node posts such an error to the parent with its nested
 * causes. If they are circular or very deep, the parent throws when it reads them, and that ends the process. Call it
 * once, at the start of a thread.
 */
export function keepLateErrorsPostable(): void {
  let last: unknown
  process.on('uncaughtExceptionMonitor', error => (last = error))
  // Node posts it after this, and only when no code in the thread has handled it.
  process.on('exit', () => cutCauses(last))
}

/** Cuts the causes of an error where they come to one that was there already, or are too many. It never throws. */
export function cutCauses(thrown: unknown): void {
  const seen = new Set<unknown>()
  for (let error = thrown; isError(error);) {
    seen.add(error)
    const cause = causeOf(error)
    if (cause !== undefined && (seen.has(cause) || seen.size >= MOST_CAUSES)) {
      Reflect.deleteProperty(error, 'cause')
      return
    }
    error = cause
  }
}

function causeOf(error: Error): unknown {
  try {
    return error.cause
  } catch {
    return undefined
  }
}
