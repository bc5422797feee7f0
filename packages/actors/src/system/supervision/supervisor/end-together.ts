import type { Clock, Cancellable } from '@zera/core/internal'

/** Milliseconds for which those that end quickly end one after the other. */
const IN_TURN_MS = 50

/**
 * Ends several that have no order among them: one after the other while that is quick, and all of them together as soon
 * as it is not.
 *
 * @param ends Never reject.
 */
export async function endTogether<T>(clock: Clock, ends: readonly (() => Promise<T>)[]): Promise<T[]> {
  let timer: Cancellable | undefined
  const late = new Promise<void>(resolve => (timer = clock.after(IN_TURN_MS, resolve)))
  const ending: Promise<T>[] = []
  for (const end of ends) {
    const one = end()
    ending.push(one)
    await Promise.race([one, late])
  }
  timer?.cancel()
  return Promise.all(ending)
}
