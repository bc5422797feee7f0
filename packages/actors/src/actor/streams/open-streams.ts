import { guarded } from '@zera/core/internal'
import type { Envelope, Origin } from '../../messaging/envelope.js'
import { STREAM_CREDIT } from '../../messaging/streams/stream-window.js'
import type { Cancellation } from '../../model/cancellation.js'
import { ActorDownError, ActorStoppedError, SystemStoppedError } from '../../model/errors.js'
import type { Logger } from '../../model/log.js'
import { promiseOf, thenOf } from '../../model/time/thenable.js'
import { OpenStream, STREAM_END_MS, type ItemSource, type StreamOwner } from './open-stream.js'
import { neverStreamed } from './streamed-value.js'

/** What a message rejects with when its actor or the system has stopped. */
const STOPPED = [ActorStoppedError, ActorDownError, SystemStoppedError]

/** What the streams of an actor need from it. */
export interface StreamsOwner extends Pick<StreamOwner, 'clock' | 'goOn' | 'failed'> {
  readonly log: Logger
  /** Whether the current message is to be handled again later. */
  isStashing(): boolean
}

/**
 * The streams that read from one actor.
 *
 * Each pull is a message of the actor's mailbox, and so is the end of a stream whose reader has left: the actor asks a
 * generator for its next item as it calls any method. Other messages get their turn between two pulls, and while the
 * generator waits.
 */
export class OpenStreams {
  readonly #owner: StreamsOwner
  readonly #open = new Map<Origin, Map<number, OpenStream>>()
  /** Streams that have ended, and whose generators have not. */
  readonly #ending = new Set<Promise<void>>()
  /** Methods already logged as going on. */
  readonly #logged = new Set<string>()
  /** What the streams of this instance of the actor know about it. */
  #instance: StreamOwner
  #hasStopped = false

  constructor(owner: StreamsOwner) {
    this.#owner = owner
    this.#instance = this.#nextInstance()
  }

  /** How many are open. */
  get size(): number {
    return this.#all().length
  }

  /** Whether a generator waits while others are handled. */
  get haveWaiting(): boolean {
    return this.#all().some(({ isLetGo }) => isLetGo)
  }

  /** Tells the one waiting generator, if there is one, that its reader has left. */
  get soleWaiting(): Cancellation | undefined {
    const waiting = this.#all().filter(({ isLetGo }) => isLetGo)
    return waiting.length === 1 ? waiting[0]?.reader : undefined
  }

  /**
   * Opens a stream over what a generator method returned, and sends its first items. Anything but a generator is
   * refused: that is an error of the reader.
   */
  open(opening: Envelope, result: unknown): Promise<void> | undefined {
    const then = thenOf(result)
    if (then !== undefined) return promiseOf(result, then).then(() => refuseMisuse(opening))
    const source = sourceOf(result)
    if (source === undefined) {
      refuseMisuse(opening)
      return undefined
    }
    const stream = new OpenStream(opening, source, this.#instance)
    const ofOrigin = this.#open.get(opening.origin)
    if (ofOrigin === undefined) this.#open.set(opening.origin, new Map([[opening.correlation, stream]]))
    else ofOrigin.set(opening.correlation, stream)
    if (this.#owner.isStashing()) this.putAside(opening)
    return stream.take(STREAM_CREDIT)
  }

  /** Sends more items of a stream; of one that has ended, nothing. */
  pull(envelope: Envelope): Promise<void> | undefined {
    const [items, opening] = envelope.args as [number, Envelope?]
    const stream = this.#find(opening ?? envelope)
    return opening === undefined ? stream?.take(items) : stream?.goOn()
  }

  /** The stream that a message is for: the message opens it, takes more from it, lets it go on, or ends it. */
  of({ kind, args, origin, correlation }: Envelope): OpenStream | undefined {
    if (kind === 'close') return this.#find(args[0] as Envelope)
    return this.#find((kind === 'more' ? (args[1] as Envelope | undefined) : undefined) ?? { origin, correlation })
  }

  /** The message that opens a stream is to be handled again later: this generator ends, without its reader noticing. */
  putAside(opening: Envelope): void {
    this.#find(opening)?.reader.cancel('The message was stashed')
  }

  /** The reader of a stream has left: its signal aborts. Returns whether there is a stream to be closed. */
  leave(opening: Envelope): boolean {
    const stream = this.#find(opening)
    stream?.reader.cancel('The reader has left the stream')
    return stream !== undefined
  }

  /** Ends a generator where it stands; its `finally` runs. Resolves when it has, or when its actor stops waiting. */
  async close(opening: Envelope): Promise<void> {
    const stream = this.#find(opening)
    if (stream !== undefined) await this.#end(stream, 'The reader has left the stream')
  }

  /** Ends all, when their actor has stopped or failed, and tells the readers. */
  closeAll(why: 'stopped' | 'restarted'): void {
    this.#hasStopped = why === 'stopped'
    this.#instance = this.#nextInstance()
    for (const stream of this.#all()) {
      guarded(() => stream.refuse({ kind: why === 'stopped' ? 'interrupted' : why }))
      void this.#end(stream, `The actor was ${why}`)
    }
  }

  /**
   * Resolves when the generators of ended streams have finished, as far as the actor can wait for that; undefined when
   * none is still running.
   */
  ended(): Promise<unknown> | undefined {
    return this.#ending.size === 0 ? undefined : Promise.allSettled(this.#ending)
  }

  async #end(stream: OpenStream, why: string): Promise<void> {
    const ending = stream.end(why)
    // Until here it is the stream whose code runs.
    this.#remove(stream.opening)
    this.#ending.add(ending)
    try {
      await ending
    } finally {
      this.#ending.delete(ending)
    }
  }

  #nextInstance(): StreamOwner {
    const { clock, goOn, failed } = this.#owner
    const instance: StreamOwner = {
      clock,
      goOn,
      over: opening => void this.#remove(opening),
      failed: (error, method) => (instance === this.#instance ? failed(error, method) : this.#threwLate(error, method)),
      goesOn: method => this.#goesOn(method),
    }
    return instance
  }

  /**
   * Late errors from generators of a past instance do not make the next one fail. Actors stop together: that another
   * actor or the system has stopped as well is nothing to report.
   */
  #threwLate(error: Error, method: string): void {
    const level = this.#hasStopped && STOPPED.some(kind => error instanceof kind) ? 'debug' : 'warn'
    this.#owner.log[level]('a generator threw when its actor had ended', { method, err: error })
  }

  #goesOn(method: string): void {
    if (this.#logged.has(method)) return
    this.#logged.add(method)
    this.#owner.log.warn('a generator goes on though its stream has ended; have it end when context.signal aborts', {
      method,
      afterMs: STREAM_END_MS,
    })
  }

  #all(): OpenStream[] {
    return [...this.#open.values()].flatMap(ofOrigin => [...ofOrigin.values()])
  }

  #find({ origin, correlation }: Pick<Envelope, 'origin' | 'correlation'>): OpenStream | undefined {
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

function refuseMisuse(opening: Envelope): void {
  opening.origin.refuse(opening, { kind: 'unknown-method', problem: neverStreamed(opening.method) })
}

/**
 * What yields the items: an iterator itself, or what an async iterable makes. Other iterables, such as an array, are
 * values to ask for.
 */
function sourceOf(value: unknown): ItemSource | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof (value as ItemSource).next === 'function') return value as ItemSource
  const { [Symbol.asyncIterator]: iterate } = value as Partial<AsyncIterable<unknown>>
  return typeof iterate === 'function' ? Reflect.apply(iterate, value, []) : undefined
}
