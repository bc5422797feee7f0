import { expectName } from '@zera/core/internal'

/**
 * Checks the name of an actor or a pool, or the id of a child: each is a part of a path, as `/orders/till`.
 *
 * @param action What is not done otherwise, as `start a pool`.
 * @param what Whose it is, as `name`.
 * @throws {TypeError} When it is no text.
 * @throws {RangeError} When it is empty, has a slash, or is no name for another reason; see `expectName`.
 */
export function expectPathName(action: string, what: 'name' | 'id', name: unknown): asserts name is string {
  if (name === '')
    throw new RangeError(
      `Cannot ${action}: ${what} is empty, and no path could show it; leave ${what} out, or give one`,
    )
  expectName(action, what, name)
  if (name.includes('/'))
    throw new RangeError(
      `Cannot ${action}: ${what} ${JSON.stringify(name)} has a slash, which separates the parts of a path; use another character, such as a colon`,
    )
}
