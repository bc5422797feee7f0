import { callerLines, type Verb } from '@zera/core/internal'

/** One error object may pass through many asks, or be thrown again and again. */
const LONGEST_STACK = 8000

/** Replaces the stack of a new error by the lines of the callers; see `rejectToCaller`. */
export function fromCaller<E extends Error>(error: E, above: Verb): E {
  const lines = callerLines(above)
  error.stack = `${error.name}: ${error.message}${lines === '' ? '' : `\n${lines}`}`
  return error
}

/**
 * Adds the lines of the callers to the stack of an error that was made elsewhere; see `rejectToCaller`.
 *
 * @param call What was called, in words: `add() of actor Counter#16@1`.
 */
export function withCaller<E>(error: E, call: string, above: Verb): E {
  try {
    if (!(error instanceof Error)) return error
    const lines = callerLines(above)
    const { stack } = error
    if (lines === '' || typeof stack !== 'string' || stack.length > LONGEST_STACK || stack.includes(lines)) return error
    error.stack = `${stack}\n    at ask ${call}\n${lines}`
  } catch {
    // It is frozen, or its stack cannot be read. It is what the handler threw all the same.
  }
  return error
}
