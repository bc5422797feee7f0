import { curveClient, openSocket, startOwned, type Service, type StopOptions } from '@zera/core'
import {
  FUNCTION,
  NUMBER,
  SIGNAL,
  systemClock,
  toError,
  withoutUndefined,
  expectOptions,
  optionNames,
  showAs,
} from '@zera/core/internal'
import { DeviceLife } from '../../base/device-life.js'
import { DeviceLog } from '../../base/device-log.js'
import { expectMoreThanZero } from '../../base/numbers.js'
import { checkEndpointAndService, receiveLimits } from './peer-options.js'
import { WorkerConversation } from './worker-conversation.js'
import { WorkerFailures } from './worker-failure.js'
import type { BrokerWorkerOptions, WorkerSettings } from './worker-options.js'

/**
 * Starts a worker of a Majordomo broker. It handles one request at a time, and sends heartbeats meanwhile. When the
 * broker has gone or has given it up, it registers anew, as often as needed.
 *
 * The start resolves when it is connected and has registered; the protocol does not confirm that. `stop` lets it finish
 * its request within the deadline, and then signs off, so that the broker sends it no more. An unfinished request goes
 * to another worker.
 *
 * @example
 *   await using worker = await startBrokerWorker({
 *     broker: 'tcp://127.0.0.1:5555',
 *     service: 'shout',
 *     handle: ([text]) => [String(text).toUpperCase()],
 *   })
 *
 * @throws {TypeError} When an option is unknown or has the wrong type.
 * @throws {RangeError} When an option is out of its range.
 * @throws The signal's reason.
 * @see startBrokerClient
 */
export function startBrokerWorker(options: BrokerWorkerOptions): Promise<Service & AsyncDisposable> {
  return startOwned('a broker worker', () => connectWorker(options))
}

const WORKER_OPTIONS = optionNames<BrokerWorkerOptions>({
  broker: true,
  service: true,
  handle: FUNCTION,
  curve: true,
  version: true,
  heartbeatMs: NUMBER,
  liveness: true,
  reconnectMs: NUMBER,
  maxMessageBytes: true,
  onFailure: FUNCTION,
  log: FUNCTION,
  signal: SIGNAL,
  clock: true,
})

async function connectWorker(options: BrokerWorkerOptions): Promise<Service & AsyncDisposable> {
  expectOptions('start the worker', options, WORKER_OPTIONS)
  const { heartbeatMs = 2500, liveness = 3, reconnectMs = 500, maxMessageBytes = 1024 * 1024 } = options
  checkEndpointAndService('start the worker', options.broker, options.service)
  expectMoreThanZero('start the worker', { heartbeatMs, liveness, reconnectMs, maxMessageBytes })
  if (options.handle === undefined) throw new TypeError('Cannot start the worker: handle must be a function')
  // It connects anew by itself, and says what is wrong now.
  curveClient(options.curve)
  const { signal, ...given } = options
  signal?.throwIfAborted()
  const settings = {
    version: '0.2' as const,
    clock: systemClock,
    ...withoutUndefined(given),
    heartbeatMs,
    silenceMs: heartbeatMs * liveness,
    reconnectMs,
    maxMessageBytes,
  }
  const worker = new ConnectedWorker(settings, signal)
  await worker.connected
  return worker
}

class ConnectedWorker implements Service {
  readonly connected: Promise<void>
  readonly ended: Promise<Error | undefined>
  readonly #settings: WorkerSettings
  readonly #log: DeviceLog
  readonly #failures: WorkerFailures
  readonly #life: DeviceLife
  #conversation: WorkerConversation | undefined

  static {
    showAs(this.prototype, worker => ({
      title: `BrokerWorker(${worker.#settings.service})`,
      parts: { state: worker.#life.state, broker: worker.#settings.broker },
    }))
  }

  /** @param signal Cancels the first connection. */
  constructor(settings: WorkerSettings, signal: AbortSignal | undefined) {
    this.#settings = settings
    this.#life = new DeviceLife(`worker of ${settings.service}`, settings.clock)
    this.#log = new DeviceLog(`worker of ${settings.service}`, settings.clock, settings.log)
    this.#failures = new WorkerFailures(settings.service, this.#log, settings.onFailure)
    const first = this.#connect(signal)
    this.connected = first.then(() => undefined)
    this.ended = first.then(
      conversation => this.#run(conversation),
      () => undefined,
    )
  }

  stop(options?: StopOptions): Promise<void> {
    return this.#life.stop(options, timeoutMs => this.#stop(timeoutMs))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#life.close()
    await this.#conversation?.leave(timeoutMs)
    await this.ended
  }

  async #run(first: WorkerConversation): Promise<Error | undefined> {
    const { closing } = this.#life
    let conversation = first
    try {
      for (;;) {
        await conversation.ended
        if (closing.aborted) return undefined
        await this.#life.untilWithin(this.#settings.reconnectMs, () => false)
        if (closing.aborted) return undefined
        conversation = await this.#connect()
        if (closing.aborted) await conversation.leave(0)
      }
    } catch (error) {
      return toError(error)
    }
  }

  async #connect(signal?: AbortSignal): Promise<WorkerConversation> {
    const socket = await openSocket('DEALER', {
      ...curveClient(this.#settings.curve),
      ...receiveLimits(16 * this.#settings.maxMessageBytes),
    })
    try {
      signal?.throwIfAborted()
      await socket.connect(this.#settings.broker)
      // From READY on the broker would give it requests.
      signal?.throwIfAborted()
    } catch (error) {
      await socket.close()
      throw error
    }
    this.#conversation = new WorkerConversation(socket, this.#settings, this.#failures, this.#log)
    return this.#conversation
  }
}
