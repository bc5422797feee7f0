import { SocketError } from '../errors/errors.js'
import { expectOwner } from '../owning/owner.js'
import { trackResource } from '../owning/resources.js'
import { clearInterval, monotonicMs, setInterval } from '../runtime/real-timers.js'
import { callerClock, whenDue } from '../time/clock.js'
import { whenAborted, onAbort } from '../time/on-abort.js'
import { expectSignal } from '../values/expect-signal.js'
import { expectOptions, optionNames } from '../values/options/known-options.js'
import { NUMBER, oneOf, SIGNAL } from '../values/options/option-kinds.js'
import type { Pollable } from './pollable.js'

/** How a poller chooses among several ready sources. */
export interface PollerOptions {
  /** `'fair'`: each in turn, so that none starves. `'priority'`: the source that was added first. Default `'fair'`. */
  readonly order?: 'fair' | 'priority' | undefined
}

/** Options of one wait. */
export interface PollCall {
  /** Milliseconds until it resolves with `undefined`. Default Infinity; 0 checks without waiting. */
  readonly timeoutMs?: number | undefined
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const POLLER_OPTIONS = optionNames<PollerOptions>({ order: oneOf('fair', 'priority') })
const NO_OPTIONS: PollCall = {}
const POLL_OPTIONS = optionNames<PollCall>({ timeoutMs: NUMBER, signal: SIGNAL })

/** A source that is ready at each tick. Take the ticks with `take()`. */
export class Ticker implements Pollable {
  readonly #timer: NodeJS.Timeout
  readonly #untrack: () => void
  readonly #wakes = new Set<() => void>()
  #ticks = 0

  /**
   * @param everyMs Milliseconds between two ticks.
   * @throws {RangeError} When it is not more than 0, or 25 days.
   */
  constructor(everyMs: number) {
    // With a longer interval Node would tick at once, and forever.
    if (!(everyMs > 0 && everyMs < 2 ** 31))
      throw new RangeError(`Cannot tick every ${everyMs} ms: it must be more than 0 and less than 25 days`)
    expectOwner(`tick every ${everyMs} ms`)
    this.#untrack = trackResource('timer', `ticker of ${everyMs} ms`, () => this[Symbol.dispose]())
    this.#timer = setInterval(() => {
      this.#ticks += 1
      for (const wake of this.#wakes) wake()
      this.#wakes.clear()
    }, everyMs)
  }

  get isReady(): boolean {
    return this.#ticks > 0
  }

  /** The ticks since the last call; a late reader gets more than one. */
  take(): number {
    const ticks = this.#ticks
    this.#ticks = 0
    return ticks
  }

  whenReady(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => void this.#wakes.delete(wake)
  }

  /** Stops it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#untrack()
  }
}

/**
 * Turns an AbortSignal into a source of a `Poller`. It is ready once the signal has aborted, and stays ready: end the
 * loop, or remove it from the poller.
 *
 * @throws {TypeError} When it is no AbortSignal.
 */
export function signalSource(signal: AbortSignal): Pollable {
  // Without one there would be nothing to wait for.
  expectSignal('wait for a signal', signal ?? null)
  return {
    get isReady() {
      return signal.aborted
    },
    whenReady(wake) {
      return onAbort(signal, wake)
    },
  }
}

/**
 * Waits for many sources in one thread: sockets, pipes, tickers, signals. Sources come and go while it waits.
 *
 * It says which source is ready; the program takes what is there, and the poller itself takes nothing. The idea comes
 * from zguide's mspoller and czmq's zpoller.
 *
 * @example
 *   const poller = new Poller().add(tasks).add(updates)
 *   for await (const source of poller) {
 *     if (source === tasks) work(await tasks.receive())
 *     if (source === updates) show(await updates.receive())
 *   }
 */
export class Poller<S extends Pollable = Pollable> implements AsyncIterable<S> {
  readonly #order: 'fair' | 'priority'
  #sources: S[] = []
  #changed: (() => void) | undefined

  constructor(options: PollerOptions = {}) {
    expectOptions('poll', options, POLLER_OPTIONS)
    this.#order = options.order ?? 'fair'
  }

  /** Adds a source, also while a wait is under way. Adding it twice is harmless. */
  add(source: S): this {
    if (!this.#sources.includes(source)) this.#sources.push(source)
    this.#changed?.()
    return this
  }

  /** Removes a source, also while a wait is under way. */
  remove(source: S): void {
    this.#sources = this.#sources.filter(other => other !== source)
  }

  /** How many sources there are. */
  get size(): number {
    return this.#sources.length
  }

  /**
   * Waits until a source is ready and resolves with it, or with `undefined` when the time is up.
   *
   * @throws The signal's reason, when it aborts.
   * @throws {SocketError} When a wait is under way already.
   * @throws {RangeError} When `timeoutMs` is negative or no number.
   * @throws {TypeError} When there is another option.
   */
  async wait(call: PollCall = NO_OPTIONS): Promise<S | undefined> {
    if (call !== NO_OPTIONS) expectOptions('poll', call, POLL_OPTIONS)
    const { timeoutMs = Infinity, signal } = call
    if (this.#changed !== undefined)
      throw new SocketError('Cannot wait: a wait of this poller is under way; await it first')
    const until = monotonicMs() + timeoutMs
    signal?.throwIfAborted()
    for (;;) {
      const ready = this.#next()
      if (ready !== undefined) return ready
      signal?.throwIfAborted()
      const leftMs = until - monotonicMs()
      if (leftMs <= 0) return undefined
      await this.#somethingHappened(leftMs, signal)
    }
  }

  /** Yields sources as they become ready, forever: leave the loop to end it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<S, void, void> {
    for (;;) yield (await this.wait()) as S
  }

  #next(): S | undefined {
    const at = this.#sources.findIndex(source => source.isReady)
    const ready = this.#sources[at]
    // The source that was served goes to the end of the line.
    if (ready !== undefined && this.#order === 'fair')
      this.#sources = [...this.#sources.slice(0, at), ...this.#sources.slice(at + 1), ready]
    return ready
  }

  #somethingHappened(withinMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const undo: (() => void)[] = []
      const wake = (): void => {
        this.#changed = undefined
        for (const each of undo) each()
        resolve()
      }
      this.#changed = wake
      try {
        for (const source of this.#sources) undo.push(source.whenReady(wake))
        const timer = whenDue(callerClock, withinMs, wake)
        undo.push(() => timer.cancel())
        undo.push(whenAborted(callerClock, signal, wake))
      } catch (error) {
        // A source that Zera did not write may throw. That ends this wait, and the next one can begin.
        reject(error)
        wake()
      }
    })
  }
}
