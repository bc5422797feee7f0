import { type DrainOptions, type Frames, openSocket, secureServer, type ServerSecurity, type Sockets, type StopOptions, throwUncaught, toError, Waiters } from '@zera/core'
import { every, systemClock, within, type Clock } from '../clock.js'
import type { ControlledService } from '../device.js'
import { DeviceEndedError } from '../errors.js'
import { expectMs, nativeLimit } from '../numbers.js'
import { hasRoomToAnswer } from '../send-room.js'
import { checkBrokerOptions, type BrokerOptions } from './broker-options.js'
import { BrokerState, type BrokerLimits, type BrokerSend } from './broker-state.js'
import type { BrokerStatistics } from './broker-statistics.js'

/** A broker that runs. */
export interface Broker extends ControlledService<BrokerStatistics> {
  /** Where it is bound, with the ports that `tcp://…:*` got. */
  readonly endpoints: readonly string[]
  /** From now on requests wait, up to `maxQueued`; what workers have goes on, and so do heartbeats. @throws {DeviceEndedError} */
  pause(): Promise<void>
  /** From now on new requests get the error `stopping`, and workers that come are turned away, until `resume`. Resolves with whether all that were there are answered within the deadline. @throws {DeviceEndedError} */
  drain(options?: DrainOptions): Promise<boolean>
}

const DEFAULT_DEADLINE_MS = 5000

/**
 * Starts a Majordomo broker: clients ask a service by its name, workers register for one, and the broker gives each request to the worker that was idle longest.
 *
 *     client ─┐                    ┌─ worker "echo"
 *     client ─┼─ ROUTER broker ────┼─ worker "echo"
 *     client ─┘                    └─ worker "resize"
 *
 * It speaks RFC 7/MDP (0.1) and RFC 18/MDP (0.2) on one socket, and RFC 8/MMI. Clients and workers of both versions go together: a client that speaks 0.1 gets partial replies
 * as one.
 *
 * Guarantees: each request is answered once, with a reply or with an error (`readErrorReply`), within `requestMs`, as long as its client is there and reads. A request
 * whose worker is lost goes to another one, up to `maxAttempts`, so a worker may see one that another has handled already; after a partial reply it does not.
 * Requests of one client are begun in order. At `maxQueued` waiting requests of a service the next gets the error `queue-full`.
 *
 * It keeps nothing on disk: with the broker its requests are gone, and clients time out.
 *
 * @throws {TypeError} @throws {RangeError} When an option is not what it must be. @throws {AddressError} When an endpoint cannot be bound. @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @example
 * ```ts
 * await using broker = await startBroker({ bind: 'tcp://127.0.0.1:5555' })
 * await using worker = await startBrokerWorker({ broker: 'tcp://127.0.0.1:5555', service: 'shout', handle: ([text]) => [String(text).toUpperCase()] })
 * ```
 * @see https://zguide.zeromq.org/docs/chapter4/#Service-Oriented-Reliable-Queuing-Majordomo-Pattern
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { bind, limits, clock = systemClock, curve = 'none', signal } = checkBrokerOptions(options)
  const security = await secureServer('start the broker', bind, curve)
  let socket: Sockets['ROUTER'] | undefined
  try {
    // Without room at a peer a send is refused at once: nobody waits for one that does not read.
    socket = await openSocket('ROUTER', { ...security.socketOptions, sendTimeout: 0, sendHighWaterMark: nativeLimit(limits.maxQueued, 0), maxMessageSize: nativeLimit(Math.max(limits.maxMessageBytes, 1024), -1) })
    const endpoints: string[] = []
    for (const endpoint of bind) endpoints.push(await security.listen(socket, endpoint))
    signal?.throwIfAborted()
    return new SocketBroker(socket, endpoints, limits, clock, security)
  } catch (error) {
    await socket?.close()
    await security.release()
    throw error
  }
}

class SocketBroker implements Broker {
  readonly endpoints: readonly string[]
  readonly ended: Promise<Error | undefined>
  readonly #socket: Sockets['ROUTER']
  readonly #state: BrokerState
  readonly #clock: Clock
  readonly #security: ServerSecurity
  readonly #stopTicks: () => void
  readonly #closing = new AbortController()
  readonly #answered = new Waiters()
  readonly #room = new Waiters()
  #stopping: Promise<void> | undefined

  constructor(socket: Sockets['ROUTER'], endpoints: readonly string[], limits: BrokerLimits, clock: Clock, security: ServerSecurity) {
    this.endpoints = endpoints
    this.#socket = socket
    this.#clock = clock
    this.#security = security
    this.#state = new BrokerState(limits, clock.now())
    this.#stopTicks = every(clock, this.#state.tickMs, () => this.#perform(this.#state.tick(clock.now())))
    this.ended = this.#run()
  }

  async statistics(): Promise<BrokerStatistics> {
    return this.#running('look at').statistics
  }

  async pause(): Promise<void> {
    this.#running('pause').pause()
  }

  async resume(): Promise<void> {
    this.#perform(this.#running('resume').resume(this.#clock.now()))
  }

  async drain({ deadlineMs = DEFAULT_DEADLINE_MS }: DrainOptions = {}): Promise<boolean> {
    expectMs('deadlineMs', deadlineMs)
    this.#perform(this.#running('drain').drain(this.#clock.now()))
    return this.#areAnswered || within(this.#clock, deadlineMs, this.#untilAnswered())
  }

  stop({ deadlineMs = DEFAULT_DEADLINE_MS }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs)
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#perform(this.#state.drain(this.#clock.now()))
    if (!this.#areAnswered) await within(this.#clock, deadlineMs, this.#untilAnswered())
    this.#perform(this.#state.close())
    this.#closing.abort()
    await this.ended
  }

  async #run(): Promise<Error | undefined> {
    const { signal } = this.#closing
    let failure: Error | undefined
    try {
      while (!signal.aborted) await this.#receive(signal)
    } catch (error) {
      if (!signal.aborted) failure = toError(error)
    }
    this.#closing.abort()
    this.#stopTicks()
    this.#answered.wake()
    // The socket goes first: nobody gets in without being asked for a key.
    await this.#socket.close()
    await this.#security.release()
    return failure
  }

  get #areAnswered(): boolean {
    return this.#state.pendingRequests === 0 || this.#closing.signal.aborted
  }

  async #untilAnswered(): Promise<void> {
    while (!this.#areAnswered) await this.#answered.wait()
  }

  /** The state, for as long as it is one that runs. */
  #running(verb: string): BrokerState {
    if (this.#stopping !== undefined || this.#closing.signal.aborted) throw new DeviceEndedError('broker', verb)
    return this.#state
  }

  async #receive(signal: AbortSignal): Promise<void> {
    const frames: Frames = await this.#socket.receive({ signal })
    this.#perform(this.#state.receive(frames, this.#clock.now()))
    while (!hasRoomToAnswer(this.#socket)) await this.#room.wait()
  }

  #perform(sends: readonly BrokerSend[]): void {
    for (const send of sends) this.#send(send).catch(throwUncaught)
    if (sends.length > 0) this.#answered.wake()
  }

  async #send(send: BrokerSend): Promise<void> {
    try {
      await this.#socket.send(send.frames)
    } catch {
      // Its peer has gone, or does not read; the state counts it, and finds another worker.
      this.#perform(this.#state.undelivered(send, this.#clock.now()))
    }
    this.#room.wake()
  }
}
