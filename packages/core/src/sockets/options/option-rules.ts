/** What the value of an option may be: a pure check that says what is wrong with a value. */
export interface OptionRule {
  /** Undefined when the value is allowed; otherwise, what it must be instead. */
  wanted(value: unknown): { readonly errorClass: 'type' | 'range'; readonly text: string } | undefined
}

type Unit = 'milliseconds' | 'seconds' | 'count' | 'bytes' | 'bits'

const MOST = 2 ** 31 - 1
const MOST_DOMAIN_BYTES = 200

/** A whole number. -1 is what ZeroMQ takes for "none", or for "as the operating system has it". */
export function numberOf(unit: Unit, least = -1, most = MOST): OptionRule {
  return {
    wanted(value) {
      if (typeof value !== 'number' || !Number.isInteger(value))
        return { errorClass: 'type', text: `a whole number of ${unit}, not ${String(value)}` }
      return value < least || value > most
        ? { errorClass: 'range', text: `from ${least} to ${most}, not ${value}` }
        : undefined
    },
  }
}

/**
 * A whole number from 1 on, or -1 for "as the operating system has it". With a value that the system refuses, ZeroMQ
 * would silently try to connect forever.
 */
export function ofSystem(unit: Unit, most: number): OptionRule {
  const rule = numberOf(unit, 1, most)
  return { wanted: value => (value === -1 ? undefined : rule.wanted(value)) }
}

/** One of these words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return {
    wanted: value =>
      words.includes(value as string)
        ? undefined
        : { errorClass: 'type', text: `one of ${words.join(', ')}, not ${String(value)}` },
  }
}

export const MILLISECONDS = numberOf('milliseconds')
export const COUNT = numberOf('count')
export const BYTES = numberOf('bytes')
export const FLAG = kindOf('boolean')
export const TEXT = kindOf('string')

/** A name or a password, which no error quotes. */
export const NAME: OptionRule = {
  wanted(value) {
    if (typeof value !== 'string') return { errorClass: 'type', text: 'a string' }
    return isFrom1To255(Buffer.byteLength(value)) ? undefined : { errorClass: 'range', text: 'of 1 to 255 bytes' }
  },
}

/** Of a domain that is asked about clients; what listens adds the name of each connection. */
export const DOMAIN: OptionRule = {
  wanted(value) {
    const wrong = TEXT.wanted(value)
    if (wrong !== undefined) return wrong
    return Buffer.byteLength(value as string) <= MOST_DOMAIN_BYTES
      ? undefined
      : { errorClass: 'range', text: `of at most ${MOST_DOMAIN_BYTES} bytes` }
  },
}

/** Bytes, or text. */
export const FRAME: OptionRule = {
  wanted: value =>
    typeof value === 'string' || value instanceof Uint8Array
      ? undefined
      : { errorClass: 'type', text: 'a string or bytes' },
}

/** The ids that ZeroMQ generates begin with a zero byte, so a program may not choose such an id. */
export const ROUTING_ID: OptionRule = {
  wanted(value) {
    const wrong = FRAME.wanted(value)
    if (wrong !== undefined) return wrong
    const bytes = Buffer.from(value as string)
    return isFrom1To255(bytes.length) && bytes[0] !== 0
      ? undefined
      : { errorClass: 'range', text: `of 1 to 255 bytes, of which the first is not 0, and has ${bytes.length}` }
  },
}

/**
 * Throws when a rule does not allow a value.
 *
 * @param what Whose value it is: "Cannot open a REQ socket: option routingId".
 * @throws {TypeError}
 * @throws {RangeError}
 */
export function expectAllowed(what: string, rule: OptionRule, value: unknown): void {
  const wrong = rule.wanted(value)
  if (wrong === undefined) return
  const text = `${what} must be ${wrong.text}`
  throw wrong.errorClass === 'type' ? new TypeError(text) : new RangeError(text)
}

function kindOf(kind: 'boolean' | 'string'): OptionRule {
  return {
    wanted: value =>
      typeof value === kind ? undefined : { errorClass: 'type', text: `a ${kind}, not ${String(value)}` },
  }
}

function isFrom1To255(bytes: number): boolean {
  return bytes >= 1 && bytes <= 255
}
