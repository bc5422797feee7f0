/** The caller has to write something else. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
