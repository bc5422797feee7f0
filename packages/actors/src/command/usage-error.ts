/** The command was called wrongly. Its text says what to write in place of it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
