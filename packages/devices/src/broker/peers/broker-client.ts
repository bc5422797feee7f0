import { randomUUID } from 'node:crypto'
import {
  curveClient,
  openSocket,
  SocketError,
  unowned,
  type Cancellable,
  type Clock,
  type CurveClient,
  type Frame,
  type Frames,
  type Sockets,
} from '@zera/core'
import {
  NUMBER,
  SIGNAL,
  expectOwner,
  onAbort,
  systemClock,
  Waiters,
  whenDue,
  withoutUndefined,
  type Filled,
  expectNumber,
  expectOptions,
  optionNames,
  showAs,
} from '@zera/core/internal'
import { BrokerProtocolError, BrokerReplyError, BrokerTimeoutError } from '../../base/errors.js'
import { expectMoreThanZero } from '../../base/numbers.js'
import { readErrorReply } from '../protocol/error-reply.js'
import { heldBytesOf } from '../protocol/held-frames.js'
import { clientRequest } from '../protocol/mdp-messages.js'
import { readClientReply } from '../protocol/mdp-peers.js'
import type { MdpVersion } from '../protocol/mdp.js'
import { checkEndpointAndService, receiveLimits } from './peer-options.js'

/** The options of a client. */
export interface BrokerClientOptions {
  /** Where the broker is bound. */
  readonly broker: string
  /** The keys by which a broker that encrypts knows it. */
  readonly curve?: CurveClient | undefined
  /**
   * The protocol version that it speaks. Default `0.2`; other brokers may only know `0.1`, which has no partial
   * replies.
   */
  readonly version?: MdpVersion | undefined
  /**
   * Milliseconds within which a reply must arrive; with `stream`, the next part of it. Default 5,000; Infinity waits
   * forever.
   */
  readonly timeoutMs?: number | undefined
  /** Connections at a time, each with one request under way; further requests wait, within their time. Default 64. */
  readonly maxConnections?: number | undefined
  /**
   * Bytes of a reply; with `stream`, of a part of it. Default 16 MiB. ZeroMQ disconnects a broker that sends a larger
   * frame.
   */
  readonly maxReplyBytes?: number | undefined
  /** The clock that it uses. Default: that of this machine. */
  readonly clock?: Clock | undefined
}

const CLIENT_OPTIONS = optionNames<BrokerClientOptions>({
  broker: true,
  curve: true,
  version: true,
  timeoutMs: NUMBER,
  maxConnections: true,
  maxReplyBytes: true,
  clock: true,
})

/** How one request differs from others. */
interface BrokerCall {
  /** Milliseconds for this request. Default: the client's. */
  readonly timeoutMs?: number | undefined
  /** Cancels the request with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const CALL_OPTIONS = optionNames<BrokerCall>({ timeoutMs: NUMBER, signal: SIGNAL })

/** A client of a Majordomo broker, for any number of requests at a time. Its disposal closes its connections. */
export interface BrokerClient extends AsyncDisposable {
  /**
   * Asks a service, and gives the frames of its reply; those of partial replies come first.
   *
   * @throws {BrokerReplyError} When the broker or the worker answered with an error.
   * @throws {BrokerTimeoutError} When
   * no answer came in time.
   * @throws The signal's reason.
   * @throws {BrokerProtocolError} When what answered is no reply of the protocol, or one of more than `maxReplyBytes`.
   * @throws {RangeError} When the name of the service is none, the body has no frame, or `timeoutMs` is no number.
   * @throws {TypeError} When there is another option.
   */
  request(service: string, body: readonly Frame[], call?: BrokerCall): Promise<Frames>
  /** The same, part by part. Leaving the loop early cancels the request. An empty final part only ends the stream. */
  stream(service: string, body: readonly Frame[], call?: BrokerCall): AsyncGenerator<Frames, void, void>
  /** Closes its connections. What is under way rejects. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a client of a Majordomo broker. It connects with its first request.
 *
 * The protocol has no number that matches a reply to its request. So each request has a connection of its own, which
 * the next request reuses after the reply. The client closes the connection of a request that it gives up, as the RFC
 * advises, so no other request can get the late reply. It never retries by itself.
 *
 * @example
 *   await using client = await startBrokerClient({ broker: 'tcp://127.0.0.1:5555' })
 *   const [text] = await client.request('shout', ['hello'])
 *
 * @throws {EndpointError}
 * @throws {RangeError} When an option is not what it must be.
 * @see startBrokerWorker
 */
export async function startBrokerClient(options: BrokerClientOptions): Promise<BrokerClient> {
  return new PooledClient(options)
}

class PooledClient implements BrokerClient {
  readonly #options: Filled<Omit<BrokerClientOptions, 'curve'>> & Pick<BrokerClientOptions, 'curve'>
  readonly #idle: Sockets['DEALER'][] = []
  readonly #freed = new Waiters()
  readonly #underWay = new Set<ReplyDeadline>()
  readonly #disown: (() => void) | undefined
  #connections = 0
  #isClosed = false

  static {
    showAs(this.prototype, device => ({
      title: 'BrokerClient',
      parts: { broker: device.#options.broker, connections: device.#connections },
    }))
  }

  constructor(options: BrokerClientOptions) {
    expectOptions('start the client', options, CLIENT_OPTIONS)
    this.#options = {
      version: '0.2',
      timeoutMs: 5000,
      maxConnections: 64,
      maxReplyBytes: 16 * 1024 * 1024,
      clock: systemClock,
      ...withoutUndefined(options),
    }
    const { broker, curve, timeoutMs, maxConnections, maxReplyBytes } = this.#options
    // It connects with its first request, and says what is wrong now.
    curveClient(curve)
    checkEndpointAndService('start the client', broker, 'any')
    expectMoreThanZero('start the client', { timeoutMs, maxConnections, maxReplyBytes })
    this.#disown = expectOwner('start a client of a broker')?.own('client of a broker', () =>
      this[Symbol.asyncDispose](),
    )
  }

  async request(service: string, body: readonly Frame[], call: BrokerCall = {}): Promise<Frames> {
    const frames: Frames = []
    const { broker, maxReplyBytes } = this.#options
    let left = maxReplyBytes
    for await (const part of this.stream(service, body, call)) {
      left -= heldBytesOf(part)
      if (left < 0 && frames.length > 0)
        throw new BrokerProtocolError(
          service,
          broker,
          `its parts have more than ${maxReplyBytes} bytes (maxReplyBytes)`,
        )
      for (const frame of part) frames.push(frame)
    }
    return frames
  }

  async *stream(service: string, body: readonly Frame[], call: BrokerCall = {}): AsyncGenerator<Frames, void, void> {
    expectOptions('ask the broker', call, CALL_OPTIONS)
    const { timeoutMs = this.#options.timeoutMs, signal } = call
    expectNumber('ask the broker', 'timeoutMs', timeoutMs)
    const { broker, version } = this.#options
    checkEndpointAndService('ask the broker', broker, service)
    if (body.length === 0)
      throw new RangeError('Cannot ask the broker: a request has at least one frame, which may be empty')
    if (this.#isClosed) throw closedError()
    const deadline = new ReplyDeadline(this.#options.clock, new BrokerTimeoutError(service, broker, timeoutMs), signal)
    this.#underWay.add(deadline)
    deadline.restart(timeoutMs)
    let socket: Sockets['DEALER'] | undefined
    let [isWhole, hasParts] = [false, false]
    try {
      socket = await this.#connection(deadline.signal)
      // A refused socket has no peer to send to, so its send would never settle.
      socket.send(clientRequest(version, service, body)).catch((error: unknown) => deadline.give(error))
      while (!isWhole) {
        const reply = readClientReply(await socket.receive({ signal: deadline.signal }), version, service)
        if (reply === undefined) throw new BrokerProtocolError(service, broker, 'it is not a message of the protocol')
        deadline.restart(timeoutMs)
        isWhole = reply.isFinal
        const fault = readErrorReply(reply.body)
        if (fault !== undefined) throw new BrokerReplyError(service, fault.fault, fault.text)
        // The protocol has no end without a body: an empty one ends a stream.
        if (!(hasParts && isWhole && isEmpty(reply.body))) yield reply.body
        hasParts = true
      }
    } finally {
      deadline.release()
      this.#underWay.delete(deadline)
      if (socket !== undefined) await this.#release(socket, isWhole)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#disown?.()
    for (const deadline of this.#underWay) deadline.give(closedError())
    while (this.#connections > 0) {
      await Promise.all(this.#idle.splice(0).map(socket => this.#close(socket)))
      if (this.#connections > 0) await this.#freed.wait()
    }
  }

  async #connection(signal: AbortSignal): Promise<Sockets['DEALER']> {
    const wake = (): void => this.#freed.wake()
    const forget = onAbort(signal, wake)
    try {
      for (;;) {
        signal.throwIfAborted()
        const idle = this.#idle.pop()
        if (idle !== undefined) return idle
        if (this.#connections < this.#options.maxConnections) return await this.#connect()
        await this.#freed.wait()
      }
    } finally {
      forget()
    }
  }

  async #connect(): Promise<Sockets['DEALER']> {
    this.#connections += 1
    try {
      // A peer that knows the name of a connection can take it over, with what is sent to it. ZeroMQ's own names are consecutive numbers.
      const options = {
        ...curveClient(this.#options.curve),
        routingId: randomUUID(),
        linger: 0,
        ...receiveLimits(this.#options.maxReplyBytes),
      }
      // It belongs to the client, not to the caller of this request: the next request uses it, too.
      const socket = await unowned(() => openSocket('DEALER', options))
      await socket.connect(this.#options.broker)
      return socket
    } catch (error) {
      this.#connections -= 1
      throw error
    }
  }

  async #release(socket: Sockets['DEALER'], isReusable: boolean): Promise<void> {
    if (isReusable && !this.#isClosed) this.#idle.push(socket)
    else await this.#close(socket)
    this.#freed.wake()
  }

  async #close(socket: Sockets['DEALER']): Promise<void> {
    await socket.close()
    this.#connections -= 1
  }
}

function isEmpty(body: Frames): boolean {
  return body.length === 1 && body[0]?.length === 0
}

function closedError(): SocketError {
  return new SocketError('Cannot ask the broker: the client is closed; start a new one')
}

/**
 * The end of one request: by time, which begins anew with each part of the reply, by its signal, or by the client's
 * close.
 */
class ReplyDeadline {
  readonly #clock: Clock
  readonly #error: Error
  readonly #end = new AbortController()
  readonly #forget: (() => void) | undefined
  #timer: Cancellable | undefined

  constructor(clock: Clock, error: Error, outer: AbortSignal | undefined) {
    this.#clock = clock
    this.#error = error
    if (outer?.aborted === true) this.give(outer.reason)
    else if (outer !== undefined) this.#forget = onAbort(outer, () => this.give(outer.reason))
  }

  get signal(): AbortSignal {
    return this.#end.signal
  }

  restart(ms: number): void {
    this.#timer?.cancel()
    this.#timer = whenDue(this.#clock, ms, () => this.give(this.#error))
  }

  /** Ends it. */
  give(reason: unknown): void {
    this.#end.abort(reason)
  }

  release(): void {
    this.#timer?.cancel()
    this.#forget?.()
  }
}
