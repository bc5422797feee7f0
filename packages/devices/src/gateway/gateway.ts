import { startOwned, type Clock, type StopOptions } from '@zera/core'
import {
  inRootContext,
  isStreamed,
  systemClock,
  toError,
  whenDue,
  type DrainOptions,
  type Streamed,
  showAs,
} from '@zera/core/internal'
import { resultOf } from '../base/call-result.js'
import { DeviceLife, type OpenRequests } from '../base/device-life.js'
import type { ControlledService } from '../base/device.js'
import type { Endpoints } from '../base/endpoints.js'
import type { SecuredRouter } from '../base/secured-router.js'
import { hasRoomToAnswer } from '../base/send-room.js'
import { FailureLog } from './failure-log.js'
import { checkGatewayOptions, type GatewayOptions } from './gateway-options.js'
import { openGatewayRouter } from './gateway-router.js'
import { GatewayState, type AdmittedCall } from './gateway-state.js'
import type { GatewayStatistics } from './gateway-statistics.js'
import { ReplySender, type Reply } from './reply-sender.js'

/** A gateway that runs. */
export interface Gateway extends ControlledService<GatewayStatistics> {
  /** Where it is bound, with the ports that `tcp://…:*` got. */
  readonly endpoints: Endpoints
  /**
   * From now on requests wait in ZeroMQ, up to its high-water mark; calls in flight go on.
   *
   * @throws {DeviceEndedError}
   */
  pause(): Promise<void>
  /**
   * From now on new requests get the error `stopping`, until `resume`. Resolves with whether all earlier requests were
   * answered within the deadline.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
  /**
   * Replaces the list of clients that may connect; `'any'` admits all that know the server's public key. Clients on the
   * new list stay connected; the gateway disconnects the others.
   *
   * @throws {NoClientListError} When the gateway does not encrypt, and so has no list.
   * @throws {RangeError} When a key is none; the list is then the one it was.
   * @throws {DeviceEndedError}
   */
  setClients(clients: readonly string[] | 'any'): Promise<void>
}

/** Milliseconds that replies which wait may outlive the last call when it stops, as a socket's linger. */
const LINGER_MS = 1000

/**
 * Starts a gateway: REQ and DEALER sockets in any language can call what it lists, with one frame of JSON.
 *
 *     REQ, any language ──── tcp, CURVE ────┐
 *     DEALER ─────────────── ipc ───────────┴─ ROUTER gateway ─── targets: { counter: add }
 *
 * A request is `[empty] [{"actor": "counter", "method": "add", "args": [2], "id": 7, "timeoutMs": 500}]`, its reply
 * `[empty] [{"id": 7, "value": 3}]` or `[empty] [{"id": 7, "error": {"code": "not-allowed", "message": "…"}}]`. A REQ
 * writes and removes the empty frame by itself. `id` and `timeoutMs` may be left out.
 *
 * Guarantees: each request is answered once, with a value or with an error whose code is a `GatewayFault`, by its
 * deadline, as long as its client is there, reads, and heeds `rate-limited`. It calls only what is listed, and counts
 * each refusal. Replies come as calls settle, not in the order of requests. Whatever clients send, and whatever calls
 * throw or return, affects that call alone.
 *
 * The client does not see what a call throws, unless it is a `GatewayError`: the client gets the number of an incident,
 * and `onFailure` gets the rest.
 *
 * Over tcp from other machines it requires CURVE: encryption, and a list of the clients' keys. CURVE rejects replayed
 * recordings of requests: each connection has fresh keys, and each message in it a number of its own. When a client
 * sends a request twice, the gateway makes the call twice.
 *
 * The gateway identifies clients by their connection: limits per client apply to a connection, and a client that
 * reconnects starts afresh. There are also limits for all calls together and for all replies.
 *
 * @example
 *   await using gateway = await startGateway({
 *     bind: 'tcp://127.0.0.1:5555',
 *     targets: { counter: { methods: ['add'], call: (method, [by], { signal }) => counter.ask({ signal }).add(by) } },
 *   })
 *
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {TypeError} When an option is unknown or has the wrong type.
 * @throws {RangeError} When an option is out of its range.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 */
export function startGateway(options: GatewayOptions): Promise<Gateway> {
  return startOwned('a gateway', () => openGateway(options))
}

async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { bind, targets, limits } = checkGatewayOptions(options)
  const { clock = systemClock, signal, curve } = options
  const log = new FailureLog(clock, options.onFailure)
  const state = new GatewayState(targets, limits, failure => log.add(failure))
  const router = await openGatewayRouter(bind, curve, limits, signal)
  return new SocketGateway(router, state, 2 * limits.maxInFlightPerClient, clock, log)
}

class SocketGateway implements Gateway {
  readonly ended: Promise<Error | undefined>
  readonly #router: SecuredRouter
  readonly #state: GatewayState
  readonly #replies: ReplySender
  readonly #clock: Clock
  readonly #log: FailureLog
  /** It changes when a call settles, there is room to send, or a pause ends. */
  readonly #life: DeviceLife
  readonly #requests: OpenRequests = {
    refuse: () => {
      this.#state.drain()
      this.#goOn()
    },
    areAnswered: () => this.#state.unanswered === 0,
  }
  #isPaused = false

  static {
    showAs(this.prototype, device => ({
      title: 'Gateway',
      parts: { state: device.#life.state, endpoints: device.endpoints },
    }))
  }

  constructor(router: SecuredRouter, state: GatewayState, maxWaiting: number, clock: Clock, log: FailureLog) {
    this.#router = router
    this.#state = state
    this.#clock = clock
    this.#life = new DeviceLife('gateway', clock)
    this.#log = log
    this.#replies = new ReplySender(router.socket, clock, state.unread, maxWaiting, () => this.#life.change())
    this.ended = this.#run()
  }

  get endpoints(): Endpoints {
    return this.#router.endpoints
  }

  async statistics(): Promise<GatewayStatistics> {
    const { statistics } = this.#life.running('look at', this.#state)
    const { undelivered } = this.#replies
    return {
      ...statistics,
      undeliverable: undelivered.gone + undelivered.unread,
      undeliverableByReason: undelivered,
      ...this.#router.counts,
    }
  }

  async setClients(clients: readonly string[] | 'any'): Promise<void> {
    this.#life.expectRunning('list the clients of')
    this.#router.setClients(clients)
  }

  async pause(): Promise<void> {
    this.#life.expectRunning('pause')
    this.#isPaused = true
  }

  async resume(): Promise<void> {
    this.#life.running('resume', this.#state).resume()
    this.#goOn()
  }

  drain(options?: DrainOptions): Promise<boolean> {
    return this.#life.drain(options, this.#requests)
  }

  stop(options?: StopOptions): Promise<void> {
    return this.#life.stop(options, timeoutMs => this.#stop(timeoutMs))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeoutMs: number): Promise<void> {
    await this.#life.answer(timeoutMs, this.#requests)
    for (const call of this.#state.calls) this.#reply(this.#state.giveUp(call, 'stopping', 'the gateway stops'))
    await this.#life.untilWithin(Math.min(timeoutMs, LINGER_MS), () => this.#replies.isIdle)
    this.#life.close()
    await this.ended
  }

  async #run(): Promise<Error | undefined> {
    const signal = this.#life.closing
    let failure: Error | undefined
    try {
      while (!signal.aborted) await this.#receive(signal)
    } catch (error) {
      if (!signal.aborted) failure = toError(error)
    }
    this.#life.close()
    for (const call of this.#state.calls) this.#state.giveUp(call, 'stopping', 'the gateway has ended')
    this.#replies.close()
    await this.#router.close()
    return failure
  }

  async #receive(signal: AbortSignal): Promise<void> {
    await this.#life.until(() => !this.#isPaused && hasRoomToAnswer(this.#router.socket))
    const frames = await this.#router.socket.receive({ signal })
    // What arrived in a pause is held.
    await this.#life.until(() => !this.#isPaused)
    const admitted = this.#admit(frames)
    if (admitted === undefined) return
    if ('reply' in admitted) this.#replies.send(admitted.reply)
    else void this.#call(admitted)
  }

  /** Whatever is wrong with a message, the gateway goes on. */
  #admit(frames: readonly Buffer[]): ReturnType<GatewayState['admit']> {
    try {
      return this.#state.admit(frames, this.#clock.now())
    } catch (error) {
      this.#log.fault('a message could not be handled', error)
      return { reply: this.#state.broken(frames) }
    }
  }

  /** It never rejects. */
  async #call(call: AdmittedCall): Promise<void> {
    const timer = whenDue(this.#clock, call.timeoutMs, () =>
      this.#reply(this.#state.giveUp(call, 'deadline', `it took longer than ${call.timeoutMs} ms`)),
    )
    try {
      const { value } = await resultOf(inRootContext(() => call.run()))
      if (isStreamed(value)) void this.#drop(value)
      this.#reply(this.#state.finish(call, value, this.#clock.now()))
    } catch (error) {
      this.#reply(this.#state.threw(call, error))
    }
    timer.cancel()
    this.#state.settled(call)
    this.#life.change()
  }

  /** Ends a stream, which no client can read, so that its source keeps nothing for it. It never rejects. */
  async #drop(streamed: Streamed): Promise<void> {
    try {
      await resultOf(inRootContext(() => streamed.return?.()))
    } catch (error) {
      this.#log.fault('a stream that no client can read could not be ended', error)
    }
  }

  /** Sends a reply; there is none when the call was answered before. */
  #reply(reply: Reply | undefined): void {
    if (reply !== undefined) this.#replies.send(reply)
  }

  #goOn(): void {
    this.#isPaused = false
    this.#life.change()
  }
}
