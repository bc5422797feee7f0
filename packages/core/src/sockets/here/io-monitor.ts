import { Arrivals } from '../../base/receiving/arrivals.js'
import { signalOf, type ReceiveCall } from '../../base/receiving/pollable.js'
import { expectNumber } from '../../base/values/expect-number.js'
import { expectOptions, optionNames } from '../../base/values/options/known-options.js'
import type { MonitorOptions, SocketEvent, SocketMonitor } from '../socket-event.js'
import type { IoClient, MonitorListener } from './io-client.js'

const MONITOR_OPTIONS = optionNames<MonitorOptions>({ maxWaiting: true })
const DEFAULT_MAX_WAITING = 1000
const MOST_WAITING = 65_536

/**
 * Checks options.
 *
 * @throws {TypeError}
 * @throws {RangeError}
 */
export function maxWaitingOf(options: MonitorOptions): number {
  expectOptions('watch a socket', options, MONITOR_OPTIONS)
  const { maxWaiting = DEFAULT_MAX_WAITING } = options
  expectNumber('watch a socket', 'maxWaiting', maxWaiting, { from: 1, to: MOST_WAITING, isWhole: true })
  return maxWaiting
}

/** A monitor of this thread, whose native part lives in the I/O thread. */
export class IoMonitor implements SocketMonitor, MonitorListener {
  readonly whenReady: (wake: () => void) => () => void
  readonly #client: IoClient
  readonly #id: number
  readonly #socket: number
  readonly #arrivals: Arrivals<SocketEvent>
  readonly #maxWaiting: number
  #dropped = 0
  #taken = 0
  #isClosed = false

  constructor(client: IoClient, socket: number, name: string, maxWaiting: number) {
    this.#client = client
    this.#socket = socket
    this.#maxWaiting = maxWaiting
    this.#arrivals = new Arrivals(`a monitor of ${name}`)
    this.#id = client.enlistMonitor(this)
    this.whenReady = wake => this.#arrivals.whenReady(wake)
  }

  /** Begins to watch. */
  async open(action: string): Promise<void> {
    try {
      await this.#client.request(action, request => ['monitor', request, this.#socket, this.#id, this.#maxWaiting])
    } catch (error) {
      this.ended()
      throw error
    }
  }

  get isReady(): boolean {
    return this.#arrivals.isReady
  }

  get dropped(): number {
    return this.#dropped
  }

  async receive(call?: ReceiveCall): Promise<SocketEvent | undefined> {
    const event = await this.#arrivals.take(signalOf(call))
    this.#taken += 1
    // One word for many: each costs a message to the I/O thread.
    if (event !== undefined && (this.#arrivals.size === 0 || this.#taken >= this.#maxWaiting / 2)) this.#giveRoom()
    return event
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SocketEvent, void, void> {
    for (let event = await this.receive(); event !== undefined; event = await this.receive()) yield event
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#client.leaveMonitor(this.#socket, this.#id)
    this.ended()
    this.#arrivals.discard()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  event(event: SocketEvent | null, dropped: number): void {
    this.#dropped = dropped
    if (event !== null) this.#arrivals.add(event)
  }

  ended(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#client.dismissMonitor(this.#id)
    this.#arrivals.end()
  }

  #giveRoom(): void {
    if (!this.#isClosed) this.#client.giveMonitor(this.#socket, this.#id, this.#taken)
    this.#taken = 0
  }
}
