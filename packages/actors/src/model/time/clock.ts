import { caughtUp, guarded, realTimers } from '@zera/core/internal'

/** Something that will run once, unless it is cancelled before. */
export interface Timer {
  cancel(): void
}

/**
 * Time, as the system sees it. Everything in this package that needs time takes it from here, so that a test can move
 * it.
 */
export interface Clock {
  /** Milliseconds that only grow, for spans. */
  now(): number
  /** Milliseconds since the Unix epoch, for people. */
  epochMs(): number
  /** Runs something after a time. It does not keep the process alive; hosts do. */
  after(ms: number, run: () => void): Timer
  /** Runs something after the event loop has had its turn. */
  soon(run: () => void): void
  /**
   * Resolves when all that had arrived for this thread by now was received, for a look that comes so late. Undefined
   * where nothing keeps anybody from looking in time.
   */
  readonly caughtUp?: (lateMs: number) => Promise<void>
}

/** Node runs longer ones at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** The time of this machine. */
export const systemClock: Clock = {
  now: realTimers.monotonicMs,
  epochMs: realTimers.epochMs,
  after: (ms, run) => {
    let timer: NodeJS.Timeout
    const wait = (left: number): void => {
      const span = Math.min(left, LONGEST_TIMEOUT_MS)
      timer = realTimers.setTimeout(() => (left > span ? wait(left - span) : run()), span).unref()
    }
    wait(ms)
    return { cancel: () => realTimers.clearTimeout(timer) }
  },
  soon: realTimers.setImmediate,
  caughtUp,
}

/**
 * Decides, when a deadline has passed, as soon as all that had arrived by now was received: what came in time is the
 * outcome, also where the thread was too busy to look.
 */
export function catchUp(clock: Clock, lateMs: number, decide: () => void): void {
  if (clock.caughtUp === undefined) decide()
  else void clock.caughtUp(lateMs).then(() => guarded(decide))
}

/**
 * As `clock.after`, for what somebody waits for: it passes when all that had arrived by then was received, and has not
 * cancelled it.
 */
export function whenDue(clock: Clock, ms: number, passed: () => void): Timer {
  const due = clock.now() + ms
  let isCancelled = false
  const timer = clock.after(ms, () => {
    catchUp(clock, clock.now() - due, () => {
      if (!isCancelled) passed()
    })
  })
  return {
    cancel: () => {
      isCancelled = true
      timer.cancel()
    },
  }
}

/** Waits for a promise, but no longer than a time. It never rejects. */
export async function within(clock: Clock, ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: Timer | undefined
  const passed = new Promise<void>(resolve => (timer = whenDue(clock, ms, resolve)))
  await Promise.race([promise.catch(() => undefined), passed])
  timer?.cancel()
}

/** When something has to be over, which may come sooner than it was planned. */
export interface Deadline {
  /** Undefined when it never has to be. */
  readonly over: Promise<unknown> | undefined
  leftMs(): number
}

export const NO_DEADLINE: Deadline = { over: undefined, leftMs: () => Infinity }

/** A deadline after some time. Its timer begins when somebody waits for it. */
export class Countdown implements Deadline {
  readonly #clock: Clock
  readonly #untilMs: number
  #over: Promise<void> | undefined
  #timer: Timer | undefined

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#untilMs = clock.now() + ms
  }

  get over(): Promise<void> | undefined {
    if (this.#untilMs !== Infinity)
      this.#over ??= new Promise(resolve => (this.#timer = this.#clock.after(this.leftMs(), resolve)))
    return this.#over
  }

  leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.now())
  }

  cancel(): void {
    this.#timer?.cancel()
  }
}

/**
 * Waits for something, but no longer than until a deadline. Resolves with whether it has settled; rejects as it does. A
 * rejection that comes later is nobody's.
 */
export async function settledBefore({ over }: Deadline, promise: unknown): Promise<boolean> {
  const settled = Promise.resolve(promise).then(() => true)
  return over === undefined ? settled : Promise.race([settled, over.then(() => false)])
}
