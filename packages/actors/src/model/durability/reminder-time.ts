import { expectNumber, expectOptions, NUMBER, optionNames } from '@zera/core/internal'

/** When a reminder comes, by the clock of the machine. */
export interface ReminderTime {
  /** The first time. Default: now, or `everyMs` from now. */
  readonly at?: Date | undefined
  /** Milliseconds from each time to the next, at least 1. Default: it comes once. */
  readonly everyMs?: number | undefined
  /** Its id, unique among those of the actor. */
  readonly id?: string | undefined
}

const OPTIONS = optionNames<ReminderTime>({ at: true, everyMs: NUMBER, id: true })
const ACTION = 'set a reminder'

/**
 * @throws {RangeError} When a time is none.
 * @throws {TypeError} When there is no such option, or one is not of its kind.
 */
export function dueMsOf(when: ReminderTime, nowMs: number): number {
  expectOptions(ACTION, when, OPTIONS)
  const { at, everyMs, id } = when
  if (everyMs !== undefined) expectNumber(ACTION, 'everyMs', everyMs, { from: 1, to: Number.MAX_SAFE_INTEGER })
  if (id !== undefined && typeof id !== 'string') throw new TypeError(`Cannot ${ACTION}: id is no text`)
  if (at !== undefined && !(at instanceof Date)) throw new TypeError(`Cannot ${ACTION}: at is no Date`)
  const dueMs = at?.getTime() ?? nowMs + (everyMs ?? 0)
  if (Number.isNaN(dueMs)) throw new RangeError(`Cannot ${ACTION}: at is an invalid Date`)
  return dueMs
}
