import { openSocket, type Service, type Sockets, toError, unwrapRequest, Waiters, wrapReply } from '@zera/core'
import { readHello } from './hello.js'

/** What a barrier is made of. */
export interface BarrierOptions {
  /** The publisher. The barrier receives the subscriptions that come to it; give it `noDrop`, and none of those that have met loses a message while it is there. */
  readonly publisher: Sockets['XPUB']
  /** Where subscribers say that they receive: one endpoint, or several. */
  readonly bind: string | readonly string[]
  /** How many it waits for. */
  readonly subscribers: number
  /** Whether the word of a subscriber will do that sends an empty message in place of a proof, as those of the guide do. Default false. */
  readonly trustsWords?: boolean
}

/** How long somebody waits. */
export interface WaitCall {
  /** Gives the wait up with the signal's reason. */
  readonly signal?: AbortSignal
}

/** A place where a publisher waits for its subscribers. */
export interface NetworkBarrier extends Service, AsyncDisposable {
  readonly endpoints: readonly string[]
  /** Subscribers that have proved that they receive, or gave their word. */
  readonly arrived: number
  /** Resolves when all are there. What is published from then on is handed on to each of them. @throws The signal's reason. @throws {Error} When the barrier has failed, or was stopped. */
  whenMet(call?: WaitCall): Promise<void>
  /** Resolves when all that have proved that they receive have closed their sockets since: then nothing is on its way any more. */
  whenLeft(call?: WaitCall): Promise<void>
}

/**
 * Starts a barrier in a network: a publisher begins when so many subscribers have proved that they receive, wherever they are, and no message is lost at the start. Nothing in it waits for a time.
 *
 * Each subscriber calls `meetAtBarrier`. It subscribes to a key of its own besides, and tells the barrier that key. A subscription comes to the publisher the way that messages will take back, and last of
 * all that its subscriber has; so when the publisher has seen it, everything that it publishes from then on is handed on to that subscriber by everybody between them, forwarders too:
 *
 *     subscriber ── subscriptions, then [1][key] ──▶ publisher
 *     subscriber ── request [''][key] ─────────────▶ barrier, a ROUTER, which answers [''][''] when both are there
 *
 * @throws {RangeError} When `subscribers` is out of its range. @throws {AddressError} When an endpoint cannot be bound.
 * @see Barrier of `@zera/core` for threads of one process.
 * @example
 * ```ts
 * await using barrier = await startBarrier({ publisher, bind: 'tcp://127.0.0.1:5562', subscribers: 10 })
 * await barrier.whenMet()
 * await publisher.send('the first update, which all ten get')
 * ```
 */
export async function startBarrier({ publisher, bind, subscribers, trustsWords = false }: BarrierOptions): Promise<NetworkBarrier> {
  if (!Number.isInteger(subscribers) || subscribers < 1) throw new RangeError(`Cannot start a barrier: subscribers must be a whole number from 1 on, not ${subscribers}`)
  const meeting = await openSocket('ROUTER', { mandatory: false })
  try {
    const endpoints: string[] = []
    for (const endpoint of [bind].flat()) endpoints.push(await meeting.bind(endpoint))
    return new PublisherBarrier(publisher, meeting, endpoints, subscribers, trustsWords)
  } catch (error) {
    await meeting.close()
    throw error
  }
}

/** Subscribers that may have asked before they were seen. More get no answer. */
const MAX_ASKING = 65_536

class PublisherBarrier implements NetworkBarrier {
  readonly endpoints: readonly string[]
  readonly ended: Promise<Error | undefined>
  readonly #publisher: Sockets['XPUB']
  readonly #meeting: Sockets['ROUTER']
  readonly #subscribers: number
  readonly #trustsWords: boolean
  readonly #leaving = new AbortController()
  readonly #changed = new Waiters()
  /** Keys of subscribers that are there, and of those of them that have proved that they receive. */
  readonly #here = new Set<string>()
  readonly #proved = new Set<string>()
  /** Where to answer those who have asked and were not seen. */
  readonly #asking = new Map<string, readonly Buffer[]>()
  #words = 0
  #failure: Error | undefined

  constructor(publisher: Sockets['XPUB'], meeting: Sockets['ROUTER'], endpoints: readonly string[], subscribers: number, trustsWords: boolean) {
    this.#publisher = publisher
    this.#meeting = meeting
    this.endpoints = endpoints
    this.#subscribers = subscribers
    this.#trustsWords = trustsWords
    this.ended = Promise.all([this.#guard(this.#watch()), this.#guard(this.#meet())]).then(() => this.#failure)
  }

  get arrived(): number {
    return this.#proved.size + this.#words
  }

  whenMet(call?: WaitCall): Promise<void> {
    return this.#until(() => this.arrived >= this.#subscribers, call)
  }

  whenLeft(call?: WaitCall): Promise<void> {
    return this.#until(() => ![...this.#proved].some(key => this.#here.has(key)), call)
  }

  async stop(): Promise<void> {
    this.#leaving.abort(new Error('Cannot wait at the barrier: it was stopped; start a new one'))
    await this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #until(holds: () => boolean, { signal }: WaitCall = {}): Promise<void> {
    const { signal: leaving } = this.#leaving
    const waiting = signal === undefined ? leaving : AbortSignal.any([leaving, signal])
    const wake = (): void => this.#changed.wake()
    waiting.addEventListener('abort', wake)
    try {
      while (!holds()) {
        waiting.throwIfAborted()
        await this.#changed.wait()
      }
    } finally {
      waiting.removeEventListener('abort', wake)
    }
  }

  /** Sees who subscribes, and who leaves. */
  async #watch(): Promise<void> {
    for (;;) {
      const [subscription] = await this.#publisher.receive(this.#leaving)
      const hello = readHello(subscription as Buffer)
      if (hello === undefined) continue
      const key = hello.key.toString('hex')
      if (hello.isHere) this.#here.add(key)
      else this.#here.delete(key)
      await this.#answerTo(key)
      this.#changed.wake()
    }
  }

  /** Hears who says that it receives. */
  async #meet(): Promise<void> {
    for (;;) {
      const request = await this.#meeting.receive(this.#leaving)
      if (!request.some(frame => frame.byteLength === 0)) continue
      const { addresses, body } = unwrapRequest(request)
      const key = Buffer.concat(body).toString('hex')
      if (key === '') {
        if (this.#trustsWords) this.#words += 1
        await this.#meeting.send(wrapReply(addresses, ['']))
      } else if (this.#asking.size < MAX_ASKING) {
        this.#asking.set(key, addresses)
        await this.#answerTo(key)
      }
      this.#changed.wake()
    }
  }

  /** Answers a subscriber that was seen and has asked. */
  async #answerTo(key: string): Promise<void> {
    const addresses = this.#asking.get(key)
    if (addresses === undefined || !this.#here.has(key)) return
    this.#asking.delete(key)
    this.#proved.add(key)
    await this.#meeting.send(wrapReply(addresses, ['']))
  }

  async #guard(loop: Promise<void>): Promise<void> {
    try {
      await loop
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#failure = toError(error)
      this.#leaving.abort(error)
    }
    await this.#meeting.close()
  }
}
