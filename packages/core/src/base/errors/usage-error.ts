/** The command was called wrongly. Its text says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
