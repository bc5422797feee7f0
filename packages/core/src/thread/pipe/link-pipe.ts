import { atCaller } from '../../base/errors/caller-lines.js'
import { Arrivals } from '../../base/receiving/arrivals.js'
import { callerClock } from '../../base/time/clock.js'
import { waitFor, type WaitOptions } from '../../base/time/wait.js'
import { expectSignal } from '../../base/values/expect-signal.js'
import { decodeValues } from '../../codec/codec.js'
import type { CodecExtension } from '../../codec/extension.js'
import type { LinkReceiver, Remains } from '../../link/link-receiver.js'
import type { Link } from '../../link/link.js'
import { unknownSignal, type Signal } from '../../link/signal.js'
import { blocksOf } from './link-codec.js'
import type { Pipe, PipeStatistics } from './pipe.js'

interface Arrival {
  readonly slot: number
  readonly value: unknown
  /** Why there is no value, if there is none. */
  readonly failure: { readonly error: unknown } | undefined
}

/** A pipe, as its thread makes and ends it. */
export class LinkPipe implements Pipe, LinkReceiver {
  readonly #link: Link
  readonly #codec: CodecExtension
  readonly #arrivals: Arrivals<Arrival>
  #begun: number | undefined

  constructor(link: Link) {
    this.#link = link
    this.#codec = blocksOf(link)
    this.#arrivals = new Arrivals(`pipe ${link.name}`)
  }

  get statistics(): PipeStatistics {
    return { ...this.#link.statistics, waitingToReceive: this.#arrivals.size }
  }

  send(value: unknown): boolean {
    try {
      return this.#link.outbox.postValues('message', [], 0, [value], this.#codec)
    } catch (error) {
      // oxlint-disable-next-line typescript/unbound-method -- It is not called.
      throw atCaller(error, LinkPipe.prototype.send)
    }
  }

  ready(options: WaitOptions = {}): Promise<void> {
    const wait = { action: `send on pipe ${this.#link.name}`, leaves: 'nothing' } as const
    return waitFor(callerClock, wait, options, givenUp => this.#link.outbox.ready(undefined, givenUp))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    for (let next = await this.receive(); next !== undefined; next = await this.receive()) yield next.value
  }

  async receive(signal?: AbortSignal): Promise<{ readonly value: unknown } | undefined> {
    expectSignal('receive on a pipe', signal)
    this.finish()
    const arrival = await this.#arrivals.take(signal)
    if (arrival === undefined) return undefined
    this.#begun = arrival.slot
    this.#link.begin(arrival.slot)
    if (arrival.failure !== undefined) throw arrival.failure.error
    return { value: arrival.value }
  }

  finish(): void {
    if (this.#begun === undefined) return
    this.#link.finish(this.#begun)
    this.#begun = undefined
  }

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

  signal(said: Signal): void {
    // All signals of a thread are taken by the thread itself.
    throw unknownSignal(said, `the pipe ${this.#link.name}`)
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
