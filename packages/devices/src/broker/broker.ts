import {
  SOCKET_LIMITS,
  startOwned,
  type Cancellable,
  type Clock,
  type CurveServer,
  type Frame,
  type StopOptions,
} from '@zera/core'
import { every, systemClock, toError, Waiters, type DrainOptions, showAs } from '@zera/core/internal'
import { DeviceLife, type OpenRequests } from '../base/device-life.js'
import { DeviceLog } from '../base/device-log.js'
import type { ControlledService } from '../base/device.js'
import type { Endpoints } from '../base/endpoints.js'
import { BrokerRolesError } from '../base/errors.js'
import { hasRoomToAnswer } from '../base/send-room.js'
import { openDoor, type BrokerDoor } from './broker-door.js'
import {
  checkBrokerOptions,
  type BrokerCurve,
  type BrokerOptions,
  type CheckedBrokerOptions,
} from './broker-options.js'
import { BrokerState, type BrokerSend } from './broker-state.js'
import type { BrokerStatistics } from './broker-statistics.js'
import { sumOf } from './door-counts.js'
import { ReplyLanes } from './replies/reply-lanes.js'

/** A running Majordomo broker, in the thread that started it. `stop` answers what it can within its deadline. */
export interface Broker extends ControlledService<BrokerStatistics> {
  /** Where it is bound, with the ports that `tcp://…:*` got. */
  readonly endpoints: Endpoints
  /** Where workers connect to: those of `bindWorkers`, else the same. */
  readonly workerEndpoints: Endpoints
  /**
   * Replaces the list of clients. The broker disconnects clients that are no longer on it, and no longer admits them.
   *
   * @throws {BrokerRolesError} When the broker does not encrypt, and so has no list.
   * @throws {RangeError} When a key is invalid; the list then stays as it was.
   * @throws {DeviceEndedError}
   */
  setClients(clients: readonly string[] | 'any'): Promise<void>
  /** The same for workers. The requests of disconnected workers go to others. */
  setWorkers(workers: readonly string[]): Promise<void>
  /**
   * From now on requests wait, up to `maxQueued`. Workers go on with the requests that they have, and heartbeats
   * continue.
   *
   * @throws {DeviceEndedError}
   */
  pause(): Promise<void>
  /**
   * Until `resume`, new requests get the error `stopping`, and the broker turns new workers away. Resolves with whether
   * all earlier requests were answered within the deadline.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
}

/**
 * Bytes of replies on their way to ZeroMQ from which on no more messages are read, so that a worker is no faster than a
 * client that reads; and no more than this share of what may be held.
 */
const MOST_MOVING_BYTES = SOCKET_LIMITS.underWayBytes
const MOVING_SHARE = 1 / 32

/**
 * Starts a Majordomo broker: clients ask for a service by name, workers register for one, and the broker gives each
 * request to the worker that was idle longest.
 *
 *     client ─┐                    ┌─ worker "echo"
 *     client ─┼─ ROUTER broker ────┼─ worker "echo"
 *     client ─┘                    └─ worker "resize"
 *
 * It speaks RFC 7/MDP (0.1) and RFC 18/MDP (0.2), and RFC 8/MMI. Clients and workers of both versions work together: a
 * client that speaks 0.1 gets partial replies as one.
 *
 * Guarantees: each request is answered once, with a reply or with an error (`readErrorReply`), within
 * `requestTimeoutMs`, as long as its client is there and reads. A request whose worker is lost goes to another one, up
 * to `maxAttempts`. So a worker may see a request that another has handled already. After a partial reply it does not
 * go to another worker. Requests of one client begin in order. At `maxHeldBytes` of unanswered requests, or `maxQueued`
 * that wait for a service, the next gets the error `queue-full`. No client gets a larger share of the waiting room than
 * it leaves to others.
 *
 * Permissions: with `bindWorkers`, clients and workers have endpoints of their own, and with keys lists of their own.
 * The broker drops what a peer sends to the wrong endpoint, and counts it as `misplaced`. Without `bindWorkers`, every
 * peer that reaches the endpoint may be a worker of any service. A worker may answer only the request that it has, and
 * knows its client only by a ticket for that request. The broker ignores the routing id that a client claims: it gives
 * each connection one of its own.
 *
 * It keeps nothing on disk: when the broker ends, its requests are lost, and clients time out.
 *
 * @example
 *   await using broker = await startBroker({ bind: 'tcp://127.0.0.1:5555' })
 *   await using worker = await startBrokerWorker({
 *     broker: 'tcp://127.0.0.1:5555',
 *     service: 'shout',
 *     handle: ([text]) => [String(text).toUpperCase()],
 *   })
 *
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {BrokerRolesError} When there are keys, and clients could be workers.
 * @throws {TypeError} When an option is unknown or has the wrong type.
 * @throws {RangeError} When an option is out of its range.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @see https://zguide.zeromq.org/docs/chapter4/#Service-Oriented-Reliable-Queuing-Majordomo-Pattern
 */
export function startBroker(options: BrokerOptions): Promise<Broker> {
  return startOwned('a broker', () => openBroker(options))
}

async function openBroker(options: BrokerOptions): Promise<Broker> {
  const checked = checkBrokerOptions(options)
  const doors = await openDoors(checked)
  try {
    return new SocketBroker(doors, checked)
  } catch (error) {
    for (const door of new Set(Object.values(doors))) await door.router.close()
    throw error
  }
}

interface Doors {
  readonly clients: BrokerDoor
  /** The same one, when both come in there. */
  readonly workers: BrokerDoor
}

async function openDoors({ bind, bindWorkers, curve, limits, signal }: CheckedBrokerOptions): Promise<Doors> {
  const clients = await openDoor(
    bindWorkers === undefined ? 'both' : 'clients',
    bind,
    typeof curve === 'object' ? curveOfClients(curve) : curve,
    limits,
    signal,
  )
  if (bindWorkers === undefined) return { clients, workers: clients }
  try {
    const workers = await openDoor(
      'workers',
      bindWorkers,
      typeof curve === 'object' ? { keys: curve.keys, clients: curve.workers } : curve,
      limits,
      signal,
    )
    return { clients, workers }
  } catch (error) {
    await clients.router.close()
    throw error
  }
}

function curveOfClients({ keys, clients, authentication }: BrokerCurve): CurveServer {
  return { keys, clients, authentication }
}

class SocketBroker implements Broker {
  readonly ended: Promise<Error | undefined>
  readonly #doors: Doors
  readonly #isEncrypted: boolean
  readonly #state: BrokerState
  readonly #clock: Clock
  readonly #lanes: ReplyLanes
  readonly #mostMovingBytes: number
  readonly #log: DeviceLog
  readonly #ticks: Cancellable
  readonly #life: DeviceLife
  readonly #room = new Waiters()
  readonly #requests: OpenRequests = {
    refuse: () => this.#perform(this.#state.drain(this.#clock.now())),
    areAnswered: () => this.#state.pendingRequests === 0,
  }

  static {
    showAs(this.prototype, device => ({
      title: 'Broker',
      parts: { state: device.#life.state, endpoints: device.endpoints },
    }))
  }

  constructor(doors: Doors, { limits, clock = systemClock, curve, log }: CheckedBrokerOptions) {
    this.#doors = doors
    this.#isEncrypted = typeof curve === 'object'
    this.#clock = clock
    this.#life = new DeviceLife('broker', clock)
    this.#log = new DeviceLog('broker', clock, log)
    this.#state = new BrokerState(limits, clock.now())
    this.#mostMovingBytes = Math.min(MOST_MOVING_BYTES, MOVING_SHARE * limits.maxHeldBytes)
    this.#lanes = new ReplyLanes({
      send: frames => this.#give(doors.clients, frames),
      undelivered: send => this.#perform(this.#state.undelivered(send, clock.now())),
      changed: () => this.#room.wake(),
      clock,
      maxBytes: limits.maxHeldBytes,
      patienceMs: limits.silenceMs,
    })
    this.#ticks = every(clock, this.#state.tickMs, () => this.#perform(this.#state.tick(clock.now())))
    this.ended = this.#run()
  }

  get endpoints(): Endpoints {
    return this.#doors.clients.router.endpoints
  }

  get workerEndpoints(): Endpoints {
    return this.#doors.workers.router.endpoints
  }

  async setClients(clients: readonly string[] | 'any'): Promise<void> {
    this.#listed('clients').router.setClients(clients)
  }

  async setWorkers(workers: readonly string[]): Promise<void> {
    if (!Array.isArray(workers))
      throw new TypeError('Cannot set the workers of the broker: they must be a list of public keys')
    this.#listed('workers').router.setClients(workers)
  }

  async statistics(): Promise<BrokerStatistics> {
    const { statistics } = this.#life.running('look at', this.#state)
    const { clients, workers } = this.#doors
    return {
      ...statistics,
      ...(clients === workers ? clients.router.counts : sumOf(clients.router.counts, workers.router.counts)),
    }
  }

  async pause(): Promise<void> {
    this.#life.running('pause', this.#state).pause()
  }

  async resume(): Promise<void> {
    this.#perform(this.#life.running('resume', this.#state).resume(this.#clock.now()))
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
    this.#perform(this.#state.close())
    this.#lanes.flush()
    this.#life.close()
    await this.ended
  }

  async #run(): Promise<Error | undefined> {
    const doors = new Set(Object.values(this.#doors) as BrokerDoor[])
    const failures = await Promise.all(Array.from(doors, door => this.#serve(door)))
    this.#ticks.cancel()
    this.#lanes.flush()
    for (const door of doors) await door.router.close()
    return failures.find(failure => failure !== undefined)
  }

  /** Receives until the broker ends, and lets it end when the socket is lost. */
  async #serve(door: BrokerDoor): Promise<Error | undefined> {
    const signal = this.#life.closing
    try {
      while (!signal.aborted) await this.#receive(door, signal)
      return undefined
    } catch (error) {
      return signal.aborted ? undefined : toError(error)
    } finally {
      this.#life.close()
      this.#room.wake()
    }
  }

  /** The door of a list. */
  #listed(side: 'clients' | 'workers'): BrokerDoor {
    this.#life.expectRunning('set the list of')
    if (!this.#isEncrypted)
      throw new BrokerRolesError(`set the ${side}`, 'it does not encrypt, so it has no lists; start it with curve')
    return this.#doors[side]
  }

  async #receive(door: BrokerDoor, signal: AbortSignal): Promise<void> {
    const frames = await door.router.socket.receive({ signal })
    this.#perform(this.#state.receive(frames, this.#clock.now(), door.side))
    for (const oddity of this.#state.takeOddities()) this.#log.note(oddity)
    while (!(hasRoomToAnswer(door.router.socket) && this.#lanes.movingBytes < this.#mostMovingBytes) && !signal.aborted)
      await this.#room.wait()
  }

  #perform(sends: readonly BrokerSend[]): void {
    for (const send of sends) {
      if (send.isReply) this.#lanes.add(send)
      else void this.#tell(send)
    }
    if (sends.length > 0) this.#life.change()
  }

  /** Sends what is for a worker. */
  async #tell(send: BrokerSend): Promise<void> {
    try {
      await this.#give(this.#doors.workers, send.frames)
    } catch {
      // The worker has gone, or does not read; the state counts it, and finds another worker.
      this.#perform(this.#state.undelivered(send, this.#clock.now()))
    }
  }

  async #give(door: BrokerDoor, frames: readonly Frame[]): Promise<void> {
    try {
      await door.router.socket.send(frames)
    } finally {
      this.#room.wake()
    }
  }
}
