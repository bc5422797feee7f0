/**
 * Checks numbers.
 *
 * @throws {RangeError} When one is not more than 0.
 */
export function expectMoreThanZero(action: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value !== 'number' || !(value > 0))
      throw new RangeError(`Cannot ${action}: ${name} must be a number of more than 0, not ${String(value)}`)
  }
}

/** A limit as ZeroMQ takes it: a whole number of 31 bits, or the number that stands for no limit. */
export function nativeLimit(limit: number, none: number): number {
  return limit < 2 ** 31 ? Math.ceil(limit) : none
}
