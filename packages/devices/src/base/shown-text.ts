import { isError, messageOf } from '@zera/core/internal'

/** Characters of an error's text that a client is shown. */
const MOST_SHOWN = 2000

/**
 * The text of an error that its thrower lets clients see, by `expose: true`, as in http-errors; undefined for all
 * others. It never throws.
 *
 * @see GatewayError
 */
export function shownText(thrown: unknown): string | undefined {
  if (!isError(thrown)) return undefined
  try {
    if ((thrown as { readonly expose?: unknown }).expose !== true) return undefined
  } catch {
    return undefined
  }
  return messageOf(thrown).slice(0, MOST_SHOWN)
}

/** What would begin a line of its own, or be taken for a command by a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text that others have had a part in, fit for a line. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, char => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
