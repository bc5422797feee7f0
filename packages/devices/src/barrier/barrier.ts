import {
  startOwned,
  unwrapRequest,
  wrapReply,
  type CurveServer,
  type Service,
  type StopOptions,
  type Sockets,
} from '@zera/core'
import {
  FLAG,
  SIGNAL,
  onAbort,
  toError,
  Waiters,
  expectOptions,
  optionNames,
  showAs,
  stopMs,
} from '@zera/core/internal'
import { checkEndpoints, type Endpoints } from '../base/endpoints.js'
import { openSecuredRouter, type SecuredRouter } from '../base/secured-router.js'
import { readHello } from './hello.js'

/** What a barrier is made of. */
export interface BarrierOptions {
  /**
   * The publisher. The barrier receives its subscriptions. With `noDrop` on the publisher, no subscriber that has met
   * loses a message while it is there.
   */
  readonly publisher: Sockets['XPUB']
  /** Where subscribers say that they receive: one endpoint, or several. */
  readonly bind: string | readonly string[]
  /**
   * How it encrypts, and which clients it lets in. Without `curve`, it binds only to loopback, ipc and inproc; `'none'`
   * allows other machines to reach it unencrypted. The publisher has its own setting.
   */
  readonly curve?: CurveServer | 'none' | undefined
  /** How many subscribers it waits for. */
  readonly subscribers: number
  /**
   * Whether the barrier accepts a subscriber that sends an empty message instead of a proof, as those of the guide do.
   * Default false.
   */
  readonly trustsWords?: boolean | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
}

/** How long a caller waits. */
export interface WaitCall {
  /** Gives the wait up with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A place where a publisher waits for its subscribers, until `whenMet` resolves. It serves one meeting. */
export interface NetworkBarrier extends Service, AsyncDisposable {
  readonly endpoints: Endpoints
  /** Subscribers that have proved that they receive, or gave their word. */
  readonly arrived: number
  /**
   * Resolves when all subscribers are there. Whatever is published from then on is passed on to each of them.
   *
   * @throws The signal's reason.
   * @throws {Error} When the barrier has failed, or was stopped.
   * @throws {TypeError} When there is another option.
   */
  whenMet(call?: WaitCall): Promise<void>
  /**
   * Resolves when all subscribers that have proved that they receive have since closed their sockets. Then nothing is
   * in transit any more.
   *
   * @throws As `whenMet` does.
   */
  whenLeft(call?: WaitCall): Promise<void>
}

/**
 * Starts a barrier in a network. The publisher begins when the given number of subscribers have proved that they
 * receive, wherever they are, so no message is lost at the start. The barrier uses no timed waits.
 *
 * Each subscriber calls `meetAtBarrier`. It also subscribes to a key of its own, and sends the barrier that key. The
 * subscription takes the reverse path of the messages, and arrives as the last one of its subscriber. So once the
 * publisher has seen it, every peer between them, including forwarders, passes on all that is published from then on:
 *
 *     subscriber ── subscriptions, then [1][key] ──▶ publisher
 *     subscriber ── request [''][key] ─────────────▶ barrier, a ROUTER, which answers [''][''] when both are there
 *
 * @example
 *   await using barrier = await startBarrier({ publisher, bind: 'tcp://127.0.0.1:5562', subscribers: 10 })
 *   await barrier.whenMet()
 *   await publisher.send('the first update, which all ten get')
 *
 * @throws {RangeError} When `subscribers` is out of its range.
 * @throws {TypeError} When it has no endpoint.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @throws The signal's reason.
 * @see Barrier of `@zera/core` for threads of one process.
 */
export function startBarrier(options: BarrierOptions): Promise<NetworkBarrier> {
  return startOwned('a barrier', () => openBarrier(options))
}

const WAIT_OPTIONS = optionNames<WaitCall>({ signal: SIGNAL })
const BARRIER_OPTIONS = optionNames<BarrierOptions>({
  publisher: true,
  bind: true,
  curve: true,
  subscribers: true,
  trustsWords: FLAG,
  signal: SIGNAL,
})

async function openBarrier(options: BarrierOptions): Promise<NetworkBarrier> {
  expectOptions('start a barrier', options, BARRIER_OPTIONS)
  const { publisher, bind, curve, subscribers, trustsWords = false, signal } = options
  if (!Number.isInteger(subscribers) || subscribers < 1)
    throw new RangeError(`Cannot start a barrier: subscribers must be a whole number from 1 on, not ${subscribers}`)
  const router = await openSecuredRouter({
    action: 'start the barrier',
    bind: checkEndpoints('start the barrier', 'bind', bind),
    curve,
    socketOptions: { mandatory: false, maxMessageSize: MAX_FRAME_BYTES },
    signal,
  })
  return new PublisherBarrier(publisher, router, subscribers, trustsWords)
}

/** Subscribers that may have asked before they were seen. More get no answer. */
const MAX_ASKING = 65_536
/** Subscribers that may be there. More are not seen, and so get no answer. */
const MAX_HERE = 65_536
/** Devices between a subscriber and the barrier, and the subscriber itself. */
const MAX_ADDRESSES = 16
/** Bytes of a key; those of `meetAtBarrier` have 49. */
const MAX_KEY_BYTES = 255
/** Bytes of a frame, among them those of the handshake with CURVE. */
const MAX_FRAME_BYTES = 1024

class PublisherBarrier implements NetworkBarrier {
  readonly ended: Promise<Error | undefined>
  readonly #publisher: Sockets['XPUB']
  readonly #router: SecuredRouter
  readonly #subscribers: number
  readonly #trustsWords: boolean
  readonly #leaving = new AbortController()
  readonly #changed = new Waiters()
  /** Keys of subscribers that are there, and of those of them that have proved that they receive. */
  readonly #here = new Set<string>()
  readonly #proved = new Set<string>()
  /** Where to answer subscribers that have asked and were not seen. */
  readonly #asking = new Map<string, readonly Buffer[]>()
  #words = 0
  #failure: Error | undefined

  static {
    showAs(this.prototype, device => ({
      title: 'Barrier',
      parts: { endpoints: device.endpoints },
    }))
  }

  constructor(publisher: Sockets['XPUB'], router: SecuredRouter, subscribers: number, trustsWords: boolean) {
    this.#publisher = publisher
    this.#router = router
    this.#subscribers = subscribers
    this.#trustsWords = trustsWords
    this.ended = Promise.all([this.#guard(this.#watch()), this.#guard(this.#meet())])
      .then(() => router.close())
      .then(() => this.#failure)
  }

  get endpoints(): Endpoints {
    return this.#router.endpoints
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

  async stop(options?: StopOptions): Promise<void> {
    stopMs('stop the barrier', options)
    this.#leaving.abort(new Error('Cannot wait at the barrier: it was stopped; start a new one'))
    await this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #until(holds: () => boolean, call: WaitCall = {}): Promise<void> {
    expectOptions('wait at the barrier', call, WAIT_OPTIONS)
    const { signal } = call
    const signals = signal === undefined ? [this.#leaving.signal] : [this.#leaving.signal, signal]
    const wake = (): void => this.#changed.wake()
    const forget = signals.map(each => onAbort(each, wake))
    try {
      while (!holds()) {
        for (const each of signals) each.throwIfAborted()
        await this.#changed.wait()
      }
    } finally {
      for (const each of forget) each()
    }
  }

  /** Sees who subscribes, and who leaves. */
  async #watch(): Promise<void> {
    for (;;) {
      const [subscription] = await this.#publisher.receive({ signal: this.#leaving.signal })
      const hello = readHello(subscription as Buffer)
      if (hello === undefined || hello.key.byteLength > MAX_KEY_BYTES) continue
      const key = hello.key.toString('hex')
      if (!hello.isHere) this.#here.delete(key)
      else if (this.#here.size < MAX_HERE) this.#here.add(key)
      await this.#answerTo(key)
      this.#changed.wake()
    }
  }

  /** Receives the requests of subscribers that say that they receive. */
  async #meet(): Promise<void> {
    for (;;) {
      const request = await this.#router.socket.receive({ signal: this.#leaving.signal })
      if (!request.some(frame => frame.byteLength === 0)) continue
      const { addresses, body } = unwrapRequest(request)
      // No subscriber has a longer key, or one in parts.
      if (body.length > 1 || (body[0]?.byteLength ?? 0) > MAX_KEY_BYTES || addresses.length > MAX_ADDRESSES) continue
      const key = Buffer.concat(body).toString('hex')
      if (key === '') {
        if (this.#trustsWords) this.#words += 1
        await this.#router.socket.send(wrapReply(addresses, ['']))
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
    await this.#router.socket.send(wrapReply(addresses, ['']))
  }

  async #guard(loop: Promise<void>): Promise<void> {
    try {
      await loop
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#failure = toError(error)
      this.#leaving.abort(error)
    }
  }
}
