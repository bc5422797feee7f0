import { setTimeout as after } from 'node:timers/promises'

/** Milliseconds that anything in a scenario may take. What takes longer hangs, however busy the machine is. */
export const PATIENCE_MS = 30_000
const POLL_MS = 1

/** A condition that did not come true. */
class ConditionError extends Error {
  override readonly name = 'ConditionError'
}

/**
 * Resolves when a condition is true.
 *
 * @throws {ConditionError} When it is not after `PATIENCE_MS`.
 */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await isTrue())) {
    if (performance.now() > deadline)
      throw new ConditionError(`Cannot wait longer until ${what}: it is not so after ${PATIENCE_MS} ms`)
    await after(POLL_MS)
  }
}
