import { rejectingAtCaller } from '../errors/caller-lines.js'
import { WaitTimeoutError, type WaitLeaves } from '../errors/errors.js'
import { expectOptions, optionNames } from '../values/options/known-options.js'
import { NUMBER, SIGNAL } from '../values/options/option-kinds.js'
import { whenDue, type Clock } from './clock.js'
import { whenAborted } from './on-abort.js'
import { rejectedSoon } from './rejected-soon.js'

/** How long a caller waits for something. */
export interface WaitOptions {
  /**
   * Gives up the wait: it rejects at once with the signal's reason. With a signal that has aborted already, nothing
   * begins.
   */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the wait gives up with a WaitTimeoutError. Default Infinity, which waits forever. */
  readonly timeoutMs?: number | undefined
}

const WAIT_OPTIONS = optionNames<WaitOptions>({ signal: SIGNAL, timeoutMs: NUMBER })

/** What to wait for. */
export interface WaitedFor<T> {
  /** In words, for the error: `join group team`. */
  readonly action: string
  /** What is left of it when the caller gives up the wait. */
  readonly leaves: WaitLeaves
  /** Undoes a result that arrived after the caller had given up. */
  readonly late?: (value: T) => unknown
}

/**
 * Waits for something, for as long as the caller wants. A result that came in time counts, even if the thread was too
 * busy to look. An error of Zera shows who waits. It rejects in a turn of the event loop of its own: see
 * `rejectedSoon`.
 *
 * @param begin Gets a signal that aborts when the caller gives up the wait; undefined when it cannot give up. A result
 *   after that is ignored.
 * @throws {WaitTimeoutError} When the time has passed.
 * @throws The reason of the signal, when that aborts.
 * @throws {RangeError} When `timeoutMs` is negative or not a number.
 * @throws {TypeError} When there is another option.
 */
export function waitFor<T>(
  clock: Clock,
  { action, leaves, late }: WaitedFor<T>,
  options: WaitOptions,
  begin: (givenUp: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  try {
    expectOptions(action, options, WAIT_OPTIONS)
  } catch (error) {
    return rejectedSoon(clock, error)
  }
  const { signal, timeoutMs = Infinity } = options
  const soon = (run: () => void): void => clock.soon(run)
  if (signal === undefined && timeoutMs === Infinity) return rejectingAtCaller(begin(undefined), soon)
  if (signal?.aborted === true) return rejectedSoon(clock, signal.reason)
  const waiting = new Promise<T>((resolve, reject) => {
    const wait = new AbortController()
    let isOver = false
    const forget = [whenAborted(clock, signal, () => giveUp(signal?.reason))]
    const end = (): void => {
      isOver = true
      for (const each of forget) each()
    }
    const giveUp = (reason: unknown): void => {
      if (isOver) return
      end()
      reject(reason)
      wait.abort(reason)
    }
    if (timeoutMs !== Infinity) {
      const timer = whenDue(clock, timeoutMs, () => giveUp(new WaitTimeoutError(action, timeoutMs, leaves)))
      forget.push(() => timer.cancel())
    }
    begin(wait.signal).then(
      value => {
        if (isOver) return void late?.(value)
        end()
        resolve(value)
      },
      (error: unknown) => {
        if (isOver) return
        end()
        reject(error)
      },
    )
  })
  return rejectingAtCaller(waiting, soon)
}
