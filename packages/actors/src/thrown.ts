import { inspect } from 'node:util'

/** What was thrown as an Error: itself, or one that says that it is none. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`A value was thrown that is not an Error: ${inspect(thrown)}`, { cause: thrown })
}

/** The text of what was thrown, for a sentence of one's own. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : inspect(thrown)
}
