import { availableParallelism } from 'node:os'
import { freshEndpoint, startOwned, startThread, type StopOptions, type Thread } from '@zera/core'
import {
  systemClock,
  throwUncaught,
  toError,
  within,
  type DrainOptions,
  expectOptions,
  optionNames,
  moduleUrl,
  showAs,
  expectOwnModule,
} from '@zera/core/internal'
import { DeviceLife } from '../base/device-life.js'
import type { ControlledService, DeviceEndpoints, DeviceStatistics } from '../base/device.js'
import { writeErrorReply } from '../broker/protocol/error-reply.js'
import { SERVER_THREAD } from '../entry-urls.js'
import { startTyped, type DeviceOptions, DEVICE_OPTION_NAMES } from '../proxy/proxy.js'
import type { PumpDevice } from '../proxy/pump-device.js'
import { withType, type Side } from '../proxy/side.js'
import type { ServerSeed } from './server-seed.js'

/** What a server is made of. */
export interface ServerOptions extends DeviceOptions {
  /** Where clients connect to, as REQ or DEALER. */
  readonly frontend: Side<'ROUTER'>
  /** How many threads answer. Default: the number of the machine's cores minus one, and at least 1. */
  readonly threads?: number | undefined
  /** What the handler finds in `call.data`; copied as by `structuredClone`. */
  readonly data?: unknown
}

/** What a server has done. */
export interface ServerStatistics extends DeviceStatistics {
  readonly threads: {
    readonly running: number
    /** Threads that died and were started again. */
    readonly restarts: number
    /** Requests whose thread died. Each got the error `worker-lost`. */
    readonly lostRequests: number
  }
}

/** A server in several threads. */
export interface Server extends ControlledService<ServerStatistics> {
  readonly endpoints: DeviceEndpoints
}

const SERVER_OPTIONS = optionNames<ServerOptions>({
  ...DEVICE_OPTION_NAMES,
  frontend: true,
  threads: true,
  data: true,
})
/**
 * Milliseconds that a kill takes at most. A thread in native code that does not come back is not waited for any longer;
 * only the end of the process ends it.
 */
const KILL_MS = 3500
const LOST = writeErrorReply('worker-lost', 'the thread that had the request has died') as string[]

/**
 * Starts a server in several threads. Clients connect at the frontend; threads of this process answer, one request at a
 * time each. It is the guide's "multithreaded server", where a slow request holds up no other.
 *
 * Every request is answered once, as long as its client is there: with what the handler returns; with the error
 * `failed` when it throws; with the error `worker-lost` when its thread dies. The server restarts that thread.
 * `readErrorReply` tells errors from other replies.
 *
 * @example
 *   // world.js: export default ([name]) => `Hello ${name}`
 *   await using server = await startServer(new URL('./world.js', import.meta.url), {
 *     frontend: 'tcp://127.0.0.1:5555',
 *     threads: 3,
 *   })
 *
 * @param handler The module whose default export answers requests, best as `new URL('./handler.js', import.meta.url)`.
 * @throws {ThreadStartError} When the module cannot be imported or has no function.
 * @throws {TypeError}
 * @throws {RangeError} When an option is not what it must be.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When
 * another thread of this process authenticates clients.
 * @see startBroker for workers that are other programs.
 */
export function startServer(handler: URL | string, options: ServerOptions): Promise<Server> {
  return startOwned('a server', () => openServer(handler, options))
}

async function openServer(handler: URL | string, options: ServerOptions): Promise<Server> {
  expectOptions('start a server', options, SERVER_OPTIONS)
  const { threads = Math.max(1, availableParallelism() - 1), data, frontend, ...rest } = options
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`Cannot start a server: threads must be a whole number from 1 on, not ${threads}`)
  const backend = freshEndpoint('server')
  const queue = await startTyped(
    'server',
    { ...rest, frontend: withType('ROUTER', frontend), backend: withType('ROUTER', backend) },
    { kind: 'ready-workers', lostReply: LOST },
  )
  const server = new ThreadServer(queue, seedOf(moduleUrl(handler) ?? String(handler), backend, data))
  try {
    await server.startThreads(threads, options.signal)
    return server
  } catch (error) {
    await server.stop({ timeoutMs: 0 })
    throw error
  }
}

function seedOf(handler: string, endpoint: string, data: unknown): (routingId: string) => ServerSeed {
  return routingId => ({ handler, endpoint, routingId, data })
}

class ThreadServer implements Server {
  readonly endpoints: DeviceEndpoints
  readonly ended: Promise<Error | undefined>
  readonly #queue: PumpDevice
  readonly #seed: (routingId: string) => ServerSeed
  readonly #threads = new Map<string, Thread>()
  #restarted = 0
  /** Threads that are being started again. */
  readonly #restarts = new Set<Promise<void>>()
  readonly #life = new DeviceLife('server', systemClock)
  #failure: Error | undefined

  static {
    showAs(this.prototype, device => ({
      title: 'Server',
      parts: { state: device.#life.state, threads: device.#threads.size, endpoints: device.endpoints },
    }))
  }

  constructor(queue: PumpDevice, seed: (routingId: string) => ServerSeed) {
    this.#queue = queue
    this.#seed = seed
    this.endpoints = queue.endpoints
    this.ended = queue.ended.then(async error => {
      await this.#stopThreads(0)
      return this.#failure ?? error
    })
  }

  async startThreads(count: number, signal: AbortSignal | undefined): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `server-${index + 1}`)
    const started = await Promise.allSettled(names.map(name => this.#startThread(name, 1, signal)))
    const failed = started.find(outcome => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason as Error
  }

  pause(): Promise<void> {
    return this.#queue.pause()
  }

  resume(): Promise<void> {
    return this.#queue.resume()
  }

  drain(options?: DrainOptions): Promise<boolean> {
    return this.#queue.drain(options)
  }

  async statistics(): Promise<ServerStatistics> {
    const statistics = await this.#queue.statistics()
    return {
      ...statistics,
      threads: { running: this.#threads.size, restarts: this.#restarted, lostRequests: statistics.toBackend.dropped },
    }
  }

  stop(options?: StopOptions): Promise<void> {
    return this.#life.stop(options, timeoutMs => this.#stop(timeoutMs))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeoutMs: number): Promise<void> {
    const until = systemClock.now() + timeoutMs
    this.#life.close()
    await Promise.all(this.#restarts)
    // The threads go on until the last reply is out.
    await this.#queue.drain({ timeoutMs }).catch(() => false)
    await this.#stopThreads(Math.max(0, until - systemClock.now()))
    await this.#queue.stop({ timeoutMs: 0 })
    await this.ended
  }

  async #stopThreads(timeoutMs: number): Promise<void> {
    await within(
      systemClock,
      timeoutMs + KILL_MS,
      Promise.all(Array.from(this.#threads.values(), thread => thread.stop({ timeoutMs }))),
    )
  }

  async #startThread(name: string, incarnation: number, signal?: AbortSignal): Promise<void> {
    const routingId = `${name}.${incarnation}`
    const thread = await startThread(expectOwnModule('@zera/devices', SERVER_THREAD, name), {
      name,
      incarnation,
      data: this.#seed(routingId),
      ...(signal === undefined ? {} : { signal }),
    })
    this.#threads.set(name, thread)
    void thread.down.then(() => {
      const restart = this.#lost(name, incarnation, routingId)
        .catch(throwUncaught)
        .finally(() => this.#restarts.delete(restart))
      this.#restarts.add(restart)
    })
  }

  async #lost(name: string, incarnation: number, routingId: string): Promise<void> {
    this.#threads.delete(name)
    try {
      await this.#queue.lose(routingId)
      this.#life.closing.throwIfAborted()
      await this.#startThread(name, incarnation + 1, this.#life.closing)
      this.#restarted += 1
    } catch (error) {
      if (this.#life.closing.aborted) return
      // A module that does not start any more would not the next time.
      this.#failure = toError(error)
      await this.#queue.stop({ timeoutMs: 0 })
    }
  }
}
