import { toError, whenSending, within, type Clock } from '@zera/core/internal'
import type { Envelope, Refusal } from '../../messaging/envelope.js'
import { Cancellation } from '../../model/cancellation.js'
import { promiseOf, thenOf } from '../../model/time/thenable.js'

/** Yields the items of a stream. */
export type ItemSource = Iterator<unknown> | AsyncIterator<unknown>

/** What a stream needs from its actor. */
export interface StreamOwner {
  readonly clock: Clock
  /** Schedules a stream to go on in its turn: its generator yielded while the actor handled other messages. */
  readonly goOn: (opening: Envelope) => void
  /** A generator has thrown. */
  readonly failed: (error: Error, method: string) => void
  /** The stream has ended. */
  readonly over: (opening: Envelope) => void
  /** The stream has ended, and its generator goes on for `STREAM_END_MS`. */
  readonly goesOn: (method: string) => void
}

/** Milliseconds that a generator has to end after its stream has ended. After that its actor logs it and stops waiting. */
export const STREAM_END_MS = 1000

/**
 * `held`: its generator was asked for an item, and the actor handles nothing else. `let-go`: the actor handles other
 * messages meanwhile. `queued`: its turn is still to come.
 */
type Phase = 'resting' | 'held' | 'let-go' | 'queued'

/**
 * One stream that reads from an actor: a generator that is asked for as many items as its reader takes.
 *
 * The actor asks it only in its turn. When the generator waits, the actor lets go of it. It sends what the generator
 * yields then at once, and asks for the next item in its next turn.
 */
export class OpenStream {
  readonly opening: Envelope
  /** Tells the generator that its stream has ended. */
  readonly reader = new Cancellation()
  readonly #source: ItemSource
  readonly #owner: StreamOwner
  #phase: Phase = 'resting'
  #credit = 0
  #hasSent = false

  constructor(opening: Envelope, source: ItemSource, owner: StreamOwner) {
    this.opening = opening
    this.#source = source
    this.#owner = owner
  }

  /** Whether its reader has had an item. */
  get hasSent(): boolean {
    return this.#hasSent
  }

  /** Whether its generator waits while its actor handles others. */
  get isLetGo(): boolean {
    return this.#phase === 'let-go'
  }

  /** The reader takes more items. Resolves when they are sent, the stream was let go of, or has ended. */
  take(items: number): Promise<void> | undefined {
    this.#credit += items
    return this.#phase === 'resting' ? this.#send() : undefined
  }

  /** Its turn has come. */
  goOn(): Promise<void> {
    return this.#send()
  }

  /** Its actor handles others while it waits. */
  letGo(): void {
    if (this.#phase === 'held') this.#phase = 'let-go'
  }

  /** Tells the reader that there are no more items, and why. */
  refuse(refusal: Refusal): void {
    this.opening.origin.refuse(this.opening, refusal)
  }

  /**
   * Ends the generator where it stands; its `finally` runs, now or when what it waits for has come. Resolves when that
   * is done, or when its actor stops waiting. It never rejects: an error of the generator makes the actor fail, unless
   * it comes from the signal.
   *
   * @param why What the generator's signal says.
   */
  async end(why: string): Promise<void> {
    this.reader.cancel(why)
    let returned: Promise<unknown>
    try {
      const result: unknown = this.#source.return?.()
      const then = thenOf(result)
      if (then === undefined) return
      returned = promiseOf(result, then)
    } catch (error) {
      this.#threwLate(error)
      return
    }
    const over = this.#untilOver(returned)
    if (this.#isAsked) {
      // It may have seen its signal abort, and be in its `finally`. Anything else that it waits for is its own concern.
      await new Promise<void>(resolve => this.#owner.clock.soon(resolve))
      if (this.#isAsked) return
    }
    await over
  }

  /** Whether the generator was asked for an item and has not answered. */
  get #isAsked(): boolean {
    return this.#phase === 'held' || this.#phase === 'let-go'
  }

  async #send(): Promise<void> {
    const { opening, reader } = this
    this.#phase = 'held'
    while (this.#credit > 0 && !reader.isCancelled) {
      this.#credit -= 1
      let done: unknown
      let value: unknown
      try {
        // A generator that is not async has its next item at once, so a batch of its items costs no turn of the queue.
        const next: unknown = this.#source.next()
        const then = thenOf(next)
        const result = (then === undefined ? next : await promiseOf(next, then)) as IteratorResult<unknown, unknown>
        done = result.done
        value = done === true ? undefined : result.value
      } catch (error) {
        this.#threw(error)
        return
      }
      // There is no reader left for the item.
      if (reader.isCancelled) break
      if (done === true) {
        this.#over()
        opening.origin.answer(opening, undefined)
        return
      }
      try {
        opening.origin.item(opening, value)
        this.#hasSent = true
      } catch (error) {
        // It cannot be cloned. That is not a failure of the actor, whose state is intact.
        this.refuse({ kind: 'threw', error: toError(whenSending(`an item of ${opening.method}()`, error)) })
        this.#over()
        await this.end('The stream has ended: an item cannot be cloned')
        return
      }
      if (this.isLetGo) {
        this.#phase = 'queued'
        this.#owner.goOn(opening)
        return
      }
    }
    this.#phase = 'resting'
  }

  #over(): void {
    this.#phase = 'resting'
    this.#owner.over(this.opening)
  }

  #threw(thrown: unknown): void {
    if (this.reader.isCancelled) {
      this.#phase = 'resting'
      this.#threwLate(thrown)
      return
    }
    const error = toError(thrown)
    this.#over()
    this.refuse({ kind: 'threw', error })
    this.#owner.failed(error, this.opening.method)
  }

  /** What a generator throws because its signal aborted is not a failure. */
  #threwLate(thrown: unknown): void {
    if (!this.reader.explains(thrown)) this.#owner.failed(toError(thrown), this.opening.method)
  }

  async #untilOver(returned: Promise<unknown>): Promise<void> {
    let isOver = false
    const over = this.#heard(returned).then(() => (isOver = true))
    await within(this.#owner.clock, STREAM_END_MS, over)
    if (!isOver) this.#owner.goesOn(this.opening.method)
  }

  async #heard(returned: Promise<unknown>): Promise<void> {
    try {
      await returned
    } catch (error) {
      this.#threwLate(error)
    }
  }
}
