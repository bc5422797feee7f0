import { isError, messageOf } from '@zera/core/internal'

/** Characters of an error's text that a client is shown. */
const MOST_SHOWN = 2000

/**
 * The text of an error that clients may see because it has `expose: true`, as in http-errors; undefined for all others.
 * It never throws.
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

/** Characters that would begin a new line, or that a terminal would take for a command. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Makes a text that may contain foreign input safe for one line. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, char => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
