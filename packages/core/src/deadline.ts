/** The longest that a timer of Node can wait, 24.8 days; it fires at once when it is asked for more. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Calls back when some milliseconds have passed; with Infinity, or more than 24 days, never. Returns the function that cancels it.
 */
export function after(ms: number, callback: () => void): () => void {
  if (ms > LONGEST_MS) return () => undefined
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/** @throws {RangeError} When a number is no span of time: negative, or not a number. */
export function expectMs(name: string, ms: number): void {
  if (!(ms >= 0)) throw new RangeError(`Cannot wait ${ms} ms: ${name} must be a number of milliseconds from 0 on, or Infinity`)
}
