/**
 * Checks a time to wait.
 *
 * @throws {RangeError} When it is no number of milliseconds from 0 on.
 */
export function expectMs(name: string, ms: number): void {
  if (!(ms >= 0))
    throw new RangeError(`Cannot wait ${ms} ms: ${name} must be a number of milliseconds from 0 on, or Infinity`)
}
