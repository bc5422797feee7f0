/** Characters that end a text or a line for some reader, and halves of characters, which no encoding has. */
// oxlint-disable-next-line no-control-regex -- They are what it looks for.
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}]/u

/** The longest name of anything but a thread, whose name has others in it. */
export const MAX_NAME_CHARS = 255

/**
 * Checks a name that a user gives to something: it stands in errors, log lines, endpoints and keys of maps.
 *
 * @param action What is not done otherwise, as `start a system`.
 * @param what Whose name it is, as `name`.
 * @throws {TypeError} When it is no text, or empty.
 * @throws {RangeError} When it is longer than `maxChars`, or has a control character, a line break or half of a
 *   surrogate pair.
 */
export function expectName(
  action: string,
  what: string,
  name: unknown,
  maxChars = MAX_NAME_CHARS,
): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`Cannot ${action}: ${what} must be a text, not ${typeof name}`)
  if (name === '') throw new TypeError(`Cannot ${action}: ${what} is empty; give it one`)
  if (name.length > maxChars)
    throw new RangeError(`Cannot ${action}: ${what} has ${name.length} characters (limit ${maxChars})`)
  if (UNPRINTABLE.test(name))
    throw new RangeError(
      `Cannot ${action}: ${what} ${JSON.stringify(name)} has a control character, a line break or half of a surrogate pair; leave that out`,
    )
}
