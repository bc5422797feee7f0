import { type DrainOptions, type Frame, messageOf, openSocket, secureServer, type ServerSecurity, type Sockets, type StopOptions, throwUncaught, toError, Waiters } from '@zera/core'
import { systemClock, within, type Clock } from '../clock.js'
import type { ControlledService } from '../device.js'
import { DeviceEndedError } from '../errors.js'
import { expectMs, nativeLimit } from '../numbers.js'
import { hasRoomToAnswer } from '../send-room.js'
import { GatewayDesk, type AdmittedCall } from './gateway-desk.js'
import { checkGatewayOptions, type GatewayOptions } from './gateway-options.js'
import type { GatewayStatistics } from './gateway-statistics.js'

/** A gateway that runs. */
export interface Gateway extends ControlledService<GatewayStatistics> {
  /** Where it is bound, with the ports that `tcp://…:*` got. */
  readonly endpoints: readonly string[]
  /** From now on requests wait in ZeroMQ, up to its high-water mark; calls that are under way go on. @throws {DeviceEndedError} */
  pause(): Promise<void>
  /** From now on new requests get the error `stopping`, until `resume`. Resolves with whether all that were there are answered within the deadline. @throws {DeviceEndedError} */
  drain(options?: DrainOptions): Promise<boolean>
}

const DEFAULT_DEADLINE_MS = 5000
const MIN_FRAME_BYTES = 1024 * 1024

/**
 * Starts a gateway: what it lists can be called from outside, by REQ and DEALER sockets in any language, with one frame of JSON.
 *
 *     REQ, any language ──── tcp, CURVE ────┐
 *     DEALER ─────────────── ipc ───────────┴─ ROUTER gateway ─── targets: { counter: add }
 *
 * A request is `[empty] [{"actor": "counter", "method": "add", "args": [2], "id": 7, "timeoutMs": 500}]`, its reply `[empty] [{"id": 7, "value": 3}]` or
 * `[empty] [{"id": 7, "error": {"code": "not-allowed", "message": "…"}}]`. A REQ writes and removes the empty frame by itself. `id` and `timeoutMs` may be left out.
 *
 * Guarantees: each request is answered once, with a value or with an error whose code is a `GatewayFault`, by its deadline, as long as its client is there and reads. Nothing is called that is
 * not listed. Each refusal is counted. Replies come as calls settle, not in the order of requests.
 *
 * Over tcp from other machines it wants CURVE: encryption, and a list of the clients' keys. On such a connection a recorded request that is replayed does not get in: each connection has fresh
 * keys, and each message in it a number of its own. A request that a client sends twice is called twice.
 *
 * Clients are told apart by their connection: limits per client hold for a connection, and one that connects anew begins anew.
 *
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {TypeError} @throws {RangeError} When an option is not what it must be.
 * @throws {AddressError} When an endpoint cannot be bound. @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @example
 * ```ts
 * await using gateway = await startGateway({
 *   bind: 'tcp://127.0.0.1:5555',
 *   targets: { counter: { methods: ['add'], call: (method, [by], { signal }) => counter.ask({ signal }).add(by) } },
 * })
 * ```
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { bind, targets, limits } = checkGatewayOptions(options)
  const { clock = systemClock, signal, curve } = options
  signal?.throwIfAborted()
  const security = await secureServer('start the gateway', bind, curve)
  let socket: Sockets['ROUTER'] | undefined
  try {
    // Without room at a client a reply is refused at once: nobody waits for one that does not read.
    socket = await openSocket('ROUTER', {
      ...security.socketOptions, sendTimeout: 0, sendHighWaterMark: nativeLimit(2 * limits.maxInFlightPerClient, 0), maxMessageSize: nativeLimit(Math.max(MIN_FRAME_BYTES, 16 * limits.maxRequestBytes), -1),
    })
    const endpoints: string[] = []
    for (const endpoint of bind) endpoints.push(await security.listen(socket, endpoint))
    signal?.throwIfAborted()
    return new SocketGateway(socket, endpoints, new GatewayDesk(targets, limits), clock, security)
  } catch (error) {
    await socket?.close()
    await security.release()
    throw error
  }
}

class SocketGateway implements Gateway {
  readonly endpoints: readonly string[]
  readonly ended: Promise<Error | undefined>
  readonly #socket: Sockets['ROUTER']
  readonly #desk: GatewayDesk
  readonly #clock: Clock
  readonly #security: ServerSecurity
  readonly #closing = new AbortController()
  /** Those who wait for a call to settle, for room to send, or for the end of a pause. */
  readonly #changed = new Waiters()
  #isPaused = false
  #stopping: Promise<void> | undefined

  constructor(socket: Sockets['ROUTER'], endpoints: readonly string[], desk: GatewayDesk, clock: Clock, security: ServerSecurity) {
    this.#socket = socket
    this.endpoints = endpoints
    this.#desk = desk
    this.#clock = clock
    this.#security = security
    this.ended = this.#run()
  }

  async statistics(): Promise<GatewayStatistics> {
    const { authenticated, denied } = this.#security.counts
    return { ...this.#running('look at').statistics, authenticated, denied }
  }

  async pause(): Promise<void> {
    this.#running('pause')
    this.#isPaused = true
  }

  async resume(): Promise<void> {
    this.#running('resume').resume()
    this.#goOn()
  }

  async drain({ deadlineMs = DEFAULT_DEADLINE_MS }: DrainOptions = {}): Promise<boolean> {
    expectMs('deadlineMs', deadlineMs)
    this.#running('drain').drain()
    this.#goOn()
    return this.#areAnswered() || within(this.#clock, deadlineMs, this.#until(this.#areAnswered))
  }

  stop({ deadlineMs = DEFAULT_DEADLINE_MS }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs)
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#desk.drain()
    this.#goOn()
    if (!this.#areAnswered()) await within(this.#clock, deadlineMs, this.#until(this.#areAnswered))
    for (const call of this.#desk.calls) this.#reply(this.#desk.fail(call, 'stopping', 'the gateway stops'))
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
    this.#changed.wake()
    for (const call of this.#desk.calls) this.#desk.fail(call, 'stopping', 'the gateway has ended')
    // The socket goes first: nobody gets in without being asked for a key.
    await this.#socket.close()
    await this.#security.release()
    return failure
  }

  async #receive(signal: AbortSignal): Promise<void> {
    await this.#until(() => !this.#isPaused && hasRoomToAnswer(this.#socket))
    const frames = await this.#socket.receive({ signal })
    // What arrived in a pause is held.
    await this.#until(() => !this.#isPaused)
    const admitted = this.#desk.admit(frames, this.#clock.now())
    if ('frames' in admitted) this.#reply(admitted.frames)
    else this.#call(admitted).catch(throwUncaught)
  }

  async #call(call: AdmittedCall): Promise<void> {
    const cancel = this.#clock.after(call.deadlineMs, () => this.#reply(this.#desk.fail(call, 'deadline', `it took longer than ${call.deadlineMs} ms`)))
    try {
      const value: unknown = await call.run()
      this.#reply(this.#desk.finish(call, value))
    } catch (error) {
      this.#reply(this.#desk.fail(call, 'failed', messageOf(error)))
    } finally {
      cancel()
      this.#desk.settled(call)
      this.#changed.wake()
    }
  }

  /** Sends a reply; there is none when the call was answered before. */
  #reply(frames: readonly Frame[] | undefined): void {
    if (frames === undefined) return
    this.#socket
      .send(frames)
      // Its client has gone, or does not read.
      .catch(() => this.#desk.undelivered())
      .then(() => this.#changed.wake(), () => undefined)
  }

  readonly #areAnswered = (): boolean => this.#desk.unanswered === 0

  #goOn(): void {
    this.#isPaused = false
    this.#changed.wake()
  }

  /** The desk, for as long as it is one that runs. */
  #running(verb: string): GatewayDesk {
    if (this.#stopping !== undefined || this.#closing.signal.aborted) throw new DeviceEndedError('gateway', verb)
    return this.#desk
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.#closing.signal.aborted) await this.#changed.wait()
  }
}
