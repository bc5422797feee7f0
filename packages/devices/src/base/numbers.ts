import { expectNumber } from '@zera/core/internal'

/**
 * Checks numbers.
 *
 * @throws {RangeError} When one is not more than 0.
 */
export function expectMoreThanZero(action: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) expectNumber(action, name, value as number, { above: 0 })
}

/** A limit as ZeroMQ takes it: a whole number of 31 bits, or the number that stands for no limit. */
export function nativeLimit(limit: number, none: number): number {
  return limit < 2 ** 31 ? Math.ceil(limit) : none
}
