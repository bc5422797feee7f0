import { Arrivals } from '../../base/receiving/arrivals.js'
import type { Pollable } from '../../base/receiving/pollable.js'
import { decodeValues, encodeValues } from '../../codec/codec.js'
import type { CodecExtension } from '../../codec/extension.js'
import type { LinkReceiver, LinkStatistics, Remains } from '../../link/link-receiver.js'
import type { Link } from '../../link/link.js'
import { blocksOf } from './link-codec.js'

interface Arrival {
  readonly slot: number
  readonly value: unknown
  /** Why there is no value, if there is none. */
  readonly failure: { readonly error: unknown } | undefined
}

/** What has gone over a pipe and what waits. */
export interface PipeStatistics extends LinkStatistics {
  /** Values that have arrived and that the program has not asked for yet. */
  readonly waitingToReceive: number
}

/**
 * A typed view of a link: values go in on one side and come out on the other, as `structuredClone` would deliver them.
 *
 * Guarantees: in order, at most once. A value counts as handled when its receiver asks for the next one, or when a
 * thread's function returns. When the receiver ends before that, the sender gets the value back (`Thread.undelivered`).
 * Receive in one place only.
 */
export class Pipe implements AsyncIterable<unknown>, LinkReceiver, Pollable {
  readonly #link: Link
  readonly #codec: CodecExtension
  readonly #arrivals: Arrivals<Arrival>
  #begun: number | undefined

  /** Every thread already has a pipe, `thread.pipe`, on both sides. */
  constructor(link: Link) {
    this.#link = link
    this.#codec = blocksOf(link)
    this.#arrivals = new Arrivals(`pipe ${link.name}`)
  }

  /** What became of the pipe's values: plain data. */
  get statistics(): PipeStatistics {
    return { ...this.#link.statistics, waitingToReceive: this.#arrivals.size }
  }

  /**
   * Sends a value. It is copied at once.
   *
   * @returns False when the backlog is large: await `ready()` before the next send.
   * @throws {NotCloneableError} When the value cannot travel.
   * @throws {PipeClosedError} When the other side has ended.
   * @throws {PipeFullError} When the backlog is at its limit.
   */
  send(value: unknown): boolean {
    return this.#link.outbox.post(encodeValues([value], this.#codec))
  }

  /** Resolves when the backlog is below its mark. */
  ready(): Promise<void> {
    return this.#link.outbox.ready()
  }

  /** Yields each value that arrives, until the pipe ends. Leaving the loop leaves the pipe open. */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    for (let next = await this.receive(); next !== undefined; next = await this.receive()) yield next.value
  }

  /**
   * Waits for the next value. Resolves with undefined when the pipe has ended and everything was received. The previous
   * value now counts as handled.
   *
   * @param signal Ends the wait with the signal's reason.
   * @throws {SocketError} When a receive is under way already.
   * @throws {RangeError} When there is no memory for a large binary of the value. You can still ask for the next value.
   */
  async receive(signal?: AbortSignal): Promise<{ readonly value: unknown } | undefined> {
    this.finish()
    const arrival = await this.#arrivals.take(signal)
    if (arrival === undefined) return undefined
    this.#begun = arrival.slot
    this.#link.begin(arrival.slot)
    if (arrival.failure !== undefined) throw arrival.failure.error
    return { value: arrival.value }
  }

  /** Counts the last received value as handled, without asking for another. */
  finish(): void {
    if (this.#begun === undefined) return
    this.#link.finish(this.#begun)
    this.#begun = undefined
  }

  /** Ends the receiving side: what has arrived can still be received. */
  end(): void {
    this.#arrivals.end()
  }

  get isReady(): boolean {
    return this.#arrivals.isReady
  }

  whenReady(wake: () => void): () => void {
    return this.#arrivals.whenReady(wake)
  }

  /** Turns what a link gave back into values again. It reuses the remains for the values, so call it once. */
  undelivered(remains: Remains): unknown[] {
    const codec = blocksOf(this.#link, 'reclaim')
    return remains.returned.map(({ body }) => decodeValues(body, codec)[0])
  }

  message(body: unknown, slot: number): void {
    this.#arrivals.add(this.#read(body, slot))
  }

  signal(): void {
    // The signals of a thread are all taken by the thread itself.
  }

  #read(body: unknown, slot: number): Arrival {
    try {
      return { slot, value: decodeValues(body, this.#codec)[0], failure: undefined }
    } catch (error) {
      // It concerns only the receiver of this value, not the reactor, which delivers those of all links.
      return { slot, value: undefined, failure: { error } }
    }
  }
}
