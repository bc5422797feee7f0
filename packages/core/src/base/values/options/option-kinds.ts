import { hintOf, isSignal } from '../expect-signal.js'

/** What the value of an option has to be. */
export interface OptionKind {
  /** In words, after "must be". */
  readonly must: string
  /** The class of the error. */
  readonly Failure: typeof TypeError | typeof RangeError
  has(value: unknown): boolean
  /** What more an error says about a value. */
  hint?(value: unknown): string
}

/** Milliseconds, or another number from 0 on. Infinity is one, where it means no limit. */
export const NUMBER: OptionKind = {
  must: '0 or more',
  Failure: RangeError,
  has: value => typeof value === 'number' && value >= 0,
}

export const FLAG: OptionKind = {
  must: 'true or false',
  Failure: TypeError,
  has: value => value === true || value === false,
}

export const TEXT: OptionKind = {
  must: 'a text that is not empty',
  Failure: TypeError,
  has: value => typeof value === 'string' && value !== '',
}

export const FUNCTION: OptionKind = {
  must: 'a function',
  Failure: TypeError,
  has: value => typeof value === 'function',
}

export const SIGNAL: OptionKind = { must: 'an AbortSignal', Failure: TypeError, has: isSignal, hint: hintOf }

/** One of some words. */
export function oneOf(...words: readonly string[]): OptionKind {
  const quoted = words.map(word => `'${word}'`)
  return {
    must: `${quoted.slice(0, -1).join(', ')}${quoted.length > 1 ? ' or ' : ''}${quoted.at(-1) ?? ''}`,
    Failure: RangeError,
    has: value => typeof value === 'string' && words.includes(value),
  }
}
