import { guarded, toError } from '@zera/core'
import { Cancellation } from './cancellation.js'
import type { Envelope, Origin } from './envelope.js'
import { STREAM_CREDIT } from './stream-window.js'
import { promiseOf, thenOf } from './thenable.js'

type Source = Iterator<unknown> | AsyncIterator<unknown>

interface OpenStream {
  readonly opening: Envelope
  readonly source: Source
  readonly reader: Cancellation
}

/**
 * The streams that read from one actor.
 *
 * Each pull is a message of the actor's mailbox, and so is the end of a stream whose reader has left: a generator method runs like any other,
 * one message at a time, and others have their turn between two pulls.
 */
export class OpenStreams {
  readonly #open = new Map<Origin, Map<number, OpenStream>>()

  /** How many are open. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, ofOrigin) => sum + ofOrigin.size, 0)
  }

  /** Opens a stream over what a generator method returned, and sends its first items. */
  open(opening: Envelope, result: unknown): Promise<void> {
    if (!isIterator(result)) throw new TypeError(`${opening.method}() is no generator method; ask it`)
    const stream = { opening, source: result, reader: new Cancellation() }
    const ofOrigin = this.#open.get(opening.origin)
    if (ofOrigin === undefined) this.#open.set(opening.origin, new Map([[opening.correlation, stream]]))
    else ofOrigin.set(opening.correlation, stream)
    return this.#send(stream, STREAM_CREDIT)
  }

  /** Sends more items of a stream; of one that has ended, nothing. Throws what the generator throws. */
  async pull(envelope: Envelope): Promise<void> {
    const stream = this.#find(envelope)
    if (stream !== undefined) await this.#send(stream, envelope.args[0] as number)
  }

  /** What tells the generator that runs for a message that its reader has left. */
  readerOf(envelope: Envelope): Cancellation | undefined {
    return this.#find(envelope)?.reader
  }

  /** The reader of a stream has left: a pull that is under way is told. Returns whether there is a stream to be closed. */
  leave(opening: Envelope): boolean {
    const stream = this.#find(opening)
    stream?.reader.cancel('The reader has left the stream')
    return stream !== undefined
  }

  /** Ends a generator where it stands; its `finally` runs. */
  async close(opening: Envelope): Promise<void> {
    await this.#remove(opening)?.source.return?.()
  }

  /** Ends all, when their actor has stopped or failed, and tells the readers. */
  closeAll(why: 'stopped' | 'restarted'): void {
    for (const ofOrigin of this.#open.values()) {
      for (const { opening } of ofOrigin.values()) {
        guarded(() => opening.origin.refuse(opening, { kind: why }))
        this.leave(opening)
        // The instance is let go of: what its generators still throw is nobody's.
        this.close(opening).catch(() => undefined)
      }
    }
  }

  async #send(stream: OpenStream, items: number): Promise<void> {
    const { opening, reader } = stream
    for (let sent = 0; sent < items && !reader.isCancelled; sent++) {
      let done: unknown
      let value: unknown
      try {
        // From a generator that is not async the next item is there at once, so that a batch of its items costs no turn of the queue.
        const next: unknown = stream.source.next()
        const then = thenOf(next)
        const result = (then === undefined ? next : await promiseOf(next, then)) as IteratorResult<unknown, unknown>
        done = result.done
        value = done === true ? undefined : result.value
      } catch (error) {
        this.#remove(opening)
        if (!reader.explains(error)) throw error
        done = true
      }
      if (done === true) {
        this.#remove(opening)
        opening.origin.answer(opening, undefined)
        return
      }
      try {
        opening.origin.item(opening, value)
      } catch (error) {
        // It cannot be cloned. That is no failure of the actor, whose state is as it should be.
        opening.origin.refuse(opening, { kind: 'threw', error: toError(error) })
        await this.close(opening)
        return
      }
    }
  }

  #find({ origin, correlation }: Envelope): OpenStream | undefined {
    return this.#open.get(origin)?.get(correlation)
  }

  #remove(opening: Envelope): OpenStream | undefined {
    const stream = this.#find(opening)
    const ofOrigin = this.#open.get(opening.origin)
    ofOrigin?.delete(opening.correlation)
    if (ofOrigin?.size === 0) this.#open.delete(opening.origin)
    return stream
  }
}

function isIterator(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && typeof (value as Source).next === 'function'
}
