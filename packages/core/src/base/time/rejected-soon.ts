import type { Clock } from './clock.js'

/**
 * A promise that rejects in the next turn of the event loop, for what is refused at once. A program that tries again
 * whenever it is refused would else never leave the thread to anything else, the end of its system included.
 */
export function rejectedSoon(clock: Pick<Clock, 'soon'>, error: unknown): Promise<never> {
  return new Promise((_resolve, reject) => clock.soon(() => reject(error)))
}
