import { queueMicrotask } from '../runtime/real-timers.js'
import { toError } from './thrown.js'

/**
 * Throws an error that no waiting code owns, as an uncaught error of this thread. It is the net of every loop: what
 * escapes a step must not stop the loop, on which others depend, and must not be silent.
 */
export function throwUncaught(thrown: unknown): void {
  const error = toError(thrown)
  queueMicrotask(() => {
    throw error
  })
}

/**
 * Does one step of a loop. What it throws is an uncaught error of this thread, and the loop goes on. Returns whether it
 * threw nothing.
 */
export function guarded(step: () => void): boolean {
  try {
    step()
    return true
  } catch (error) {
    throwUncaught(error)
    return false
  }
}
