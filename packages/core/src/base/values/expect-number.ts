import { shown } from './options/shown.js'

/** What a number has to be. By default 0 or more, and Infinity is fine. */
export interface NumberRange {
  /** The least that it may be. Default 0. */
  readonly from?: number
  /** What it has to be more than, instead of `from`. */
  readonly above?: number
  /** The most that it may be. Default Infinity. */
  readonly to?: number
  /** Whether it must be a whole number. Infinity is none. */
  readonly isWhole?: boolean
  /** Whether Infinity is fine where it must be a whole number. */
  readonly orInfinity?: boolean
}

const FROM_0: NumberRange = {}

/**
 * Checks a number that a user gives.
 *
 * @param action What is not done otherwise, as `start a system`.
 * @param name The number's own, with its unit: `timeoutMs`.
 * @throws {RangeError} When it is out of its range, or no number.
 */
export function expectNumber(action: string, name: string, value: number, range = FROM_0): void {
  const { above, from = above ?? 0, to = Infinity, isWhole = false, orInfinity = false } = range
  const isWithin = typeof value === 'number' && value >= from && value !== above && value <= to
  if (!isWithin || (isWhole && !Number.isInteger(value) && !(orInfinity && value === Infinity)))
    throw outOfRange(action, name, value, range)
}

/**
 * Checks a time to wait.
 *
 * @throws {RangeError} When it is no number of milliseconds from 0 on.
 */
export function expectMs(name: string, ms: number): void {
  expectNumber('wait', name, ms)
}

/** The error of `expectNumber`, where a call must not throw, or the action is put into words only when it fails. */
export function outOfRange(action: string, name: string, value: number, range = FROM_0): RangeError {
  return new RangeError(`Cannot ${action}: ${name} must be ${rangeOf(range)}, not ${shown(value)}`)
}

function rangeOf({ above, from = 0, to = Infinity, isWhole = false, orInfinity = false }: NumberRange): string {
  if (isWhole)
    return `a whole number from ${from} ${to === Infinity ? 'on' : `to ${to}`}${orInfinity ? ', or Infinity' : ''}`
  if (above !== undefined) return `more than ${above}${to === Infinity ? '' : ` and at most ${to}`}`
  return to === Infinity ? `${from} or more` : `from ${from} to ${to}`
}
