import { cancellable, expectMs, whenDue, type Clock, type Cancellable } from '@zera/core/internal'
import { thenOf, whenSettled, type Then } from '../model/time/thenable.js'

/** What an actor schedules for itself. */
export type SelfMessage = () => unknown

/** What self-messages need from the loop that handles them. */
interface SelfMessagesOwner {
  readonly clock: Clock
  /** Whether nothing waits, no generator either, and nothing is being handled. */
  isIdle(): boolean
  /** Puts one behind the messages that wait. */
  post(message: SelfMessage): void
}

interface Idleness {
  readonly ms: number
  readonly run: SelfMessage
  timer: Cancellable
  since: number
}

/**
 * An actor's messages to itself: from timers, when a promise settles, and when no other message arrives. Each is
 * handled like any message, one at a time, and none outlives the instance that wanted it.
 */
export class SelfMessages {
  readonly #owner: SelfMessagesOwner
  readonly #timers = new Set<Cancellable>()
  #idleness: Idleness | undefined
  #life = 0
  #areTimersStopped = false

  constructor(owner: SelfMessagesOwner) {
    this.#owner = owner
  }

  /** How many are still to come: timers, and the watch for idleness. */
  get pending(): number {
    return this.#timers.size + (this.#idleness === undefined ? 0 : 1)
  }

  /** Runs something once, `ms` from now. */
  after(ms: number, run: SelfMessage): Cancellable {
    expectMs('the time of after()', ms)
    let isCancelled = false
    const timing = this.#owner.clock.after(ms, () => {
      this.#timers.delete(timer)
      if (this.#areTimersStopped) return
      // It may be cancelled while it waits in the mailbox.
      this.#post(() => (isCancelled ? undefined : run()))
    })
    const timer = cancellable(() => {
      isCancelled = true
      timing.cancel()
      this.#timers.delete(timer)
    })
    this.#timers.add(timer)
    return timer
  }

  /** Runs something every `ms`, counted from each run to the next, so that runs never pile up. */
  every(ms: number, run: SelfMessage): Cancellable {
    expectMs('the time of every()', ms)
    let current: Cancellable
    const arm = (): void => {
      current = this.after(ms, () => {
        arm()
        return run()
      })
    }
    arm()
    return cancellable(() => current.cancel())
  }

  /**
   * Runs a function once with the outcome of a promise. A rejection without a handler makes the actor fail; an unusable
   * promise counts as a rejection.
   *
   * @throws {TypeError} When it is not a promise.
   */
  pipe<T>(promise: PromiseLike<T>, onValue: (value: T) => unknown, onError: (error: unknown) => unknown): void {
    const post = this.#posting()
    let then: Then | undefined
    try {
      then = thenOf(promise)
    } catch (error) {
      post(() => onError(error))
      return
    }
    if (then === undefined)
      throw new TypeError(
        'Cannot pipe: the first argument is no promise; call the function that is to be run, or pass what an async function returns',
      )
    whenSettled(
      promise,
      then,
      value => post(() => onValue(value as T)),
      error => post(() => onError(error)),
    )
  }

  /** Runs something whenever the actor has had nothing to do for `ms`. The last call counts; Infinity ends it. */
  whenIdle(ms: number, run: SelfMessage): void {
    expectMs('the time of whenIdle()', ms)
    this.#idleness?.timer.cancel()
    this.#idleness = undefined
    if (ms === Infinity || this.#areTimersStopped) return
    const { clock } = this.#owner
    const idleness: Idleness = { ms, run, since: clock.now(), timer: whenDue(clock, ms, () => this.#look(idleness)) }
    this.#idleness = idleness
  }

  /** A message was handled. */
  touch(): void {
    if (this.#idleness !== undefined) this.#idleness.since = this.#owner.clock.now()
  }

  /** Takes everything back. */
  clear(): void {
    this.#life += 1
    this.#clearTimers()
  }

  /** Its actor finishes what it has: timers bring no more messages, and what promises bring still counts. */
  stopTimers(): void {
    this.#areTimersStopped = true
    this.#clearTimers()
  }

  #clearTimers(): void {
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    this.#idleness?.timer.cancel()
    this.#idleness = undefined
  }

  #look(idleness: Idleness): void {
    const { clock } = this.#owner
    const left = this.#owner.isIdle() ? idleness.since + idleness.ms - clock.now() : idleness.ms
    idleness.timer = whenDue(clock, left > 0 ? left : idleness.ms, () => this.#look(idleness))
    if (left > 0) return
    idleness.since = clock.now()
    this.#post(() => (this.#idleness === idleness ? idleness.run() : undefined))
  }

  #post(run: SelfMessage): void {
    this.#posting()(run)
  }

  /** Makes a post function whose messages are dropped if the actor has a new instance by then, or none. */
  #posting(): (run: SelfMessage) => void {
    const life = this.#life
    return run => {
      if (life === this.#life) this.#owner.post(() => (life === this.#life ? run() : undefined))
    }
  }
}
