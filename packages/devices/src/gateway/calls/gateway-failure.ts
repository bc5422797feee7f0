import { describeThrown, isError, messageOf } from '@zera/core'
import type { RequestId } from './gateway-request.js'

/** A call that failed for a reason which its client is not told. */
export interface GatewayFailure {
  /** What the client was told in place of the reason, so that it can be found in the log. */
  readonly incident: string
  /** `failed`: it threw. `bad-result`: what it gave is not JSON, or too large. `deadline`: it took longer than the gateway allows. */
  readonly fault: 'failed' | 'bad-result' | 'deadline'
  readonly actor: string
  readonly method: string
  /** The routing id of the client's connection, in hexadecimal digits. */
  readonly client: string
  readonly id: RequestId
  /** Whether the client had its answer before: that the call has reached its deadline. */
  readonly isLate: boolean
  /** What was thrown, made an Error that can be read. */
  readonly error: Error
}

/** Characters of an error's text that a client is shown. */
const MOST_SHOWN = 2000

/**
 * The text of an error that its thrower lets clients see, by `expose: true`, as in http-errors; undefined for all others. It never throws.
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

/** A failure in one line of text, whatever is in it. */
export function failureLine({ incident, fault, actor, method, client, id, isLate, error }: GatewayFailure): string {
  const call = `${actor}.${method}, incident ${incident}, of client ${client}, id ${JSON.stringify(id)}`
  return printable(`gateway: ${fault}${isLate ? ' late' : ''}: ${call}: ${describeThrown(error)}`)
}

/** What would begin a line of its own, or be taken for a command by a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text that others have had a part in, fit for a line. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, char => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
