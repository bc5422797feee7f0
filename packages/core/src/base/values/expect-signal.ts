import { shown } from './options/shown.js'

/**
 * Checks a signal that a user gives, where it is a parameter of its own.
 *
 * @param action What is not done otherwise, as `receive`.
 * @throws {TypeError} When it is there, and is no AbortSignal.
 */
export function expectSignal(action: string, signal: unknown): void {
  if (signal === undefined || isSignal(signal)) return
  throw new TypeError(`Cannot ${action}: signal must be an AbortSignal, not ${shown(signal)}${hintOf(signal)}`)
}

/** What to pass instead of what stands for a signal. A controller has one, and so have options as other calls take them. */
export function hintOf(signal: unknown): string {
  const has =
    typeof signal === 'object' && signal !== null && isSignal((signal as { readonly signal?: unknown }).signal)
  return has ? '; pass its signal' : ''
}

/** Whether something is an AbortSignal, of whichever realm. */
export function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'throwIfAborted' in value
}
