/**
 * Reads an option that is a whole number from 1 on.
 *
 * @throws {RangeError} When it is something else.
 */
export function expectCount(name: string, text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--${name} must be a whole number from 1 on, not "${text}"`)
  return count
}
