import type { ServerSecurity, SocketType, StopOptions } from '@zera/core'
import {
  openPump,
  systemClock,
  toError,
  type DrainOptions,
  type Pump,
  type PumpRule,
  type PumpSocket,
  showAs,
} from '@zera/core/internal'
import { DeviceLife } from '../base/device-life.js'
import type { Device, DeviceEndpoints, DeviceStatistics } from '../base/device.js'
import { bindAll, type Endpoints } from '../base/endpoints.js'
import { closeSecured } from '../base/secured-router.js'
import type { SecuredSide } from './secured-side.js'

/** What a device is, checked. */
export interface PumpDeviceOptions {
  readonly name: string
  readonly frontend: SecuredSide
  readonly backend: SecuredSide
  readonly capture: SecuredSide | undefined
  readonly rule: PumpRule | undefined
  readonly signal: AbortSignal | undefined
}

/** The messages to these sockets never end, and their senders wait for no receiver. */
const SUBSCRIBERS: readonly SocketType[] = ['SUB', 'XSUB']

/**
 * Starts a device that is a pump of core's, plugged in. It releases what secures its sides when it has ended, also when
 * it does not start.
 */
export async function startPumpDevice({
  name,
  frontend,
  backend,
  capture,
  rule,
  signal,
}: PumpDeviceOptions): Promise<PumpDevice> {
  const securities = [frontend, backend, ...(capture === undefined ? [] : [capture])].map(({ security }) => security)
  let pump: Pump | undefined
  try {
    signal?.throwIfAborted()
    pump = await openPump({
      frontend: frontend.socket,
      backend: backend.socket,
      ...(capture === undefined ? {} : { capture: capture.socket }),
      ...(rule === undefined ? {} : { rule }),
    })
    // Observers and receivers come first, so that the first message finds them.
    const captured = capture === undefined ? [] : await plug(pump.capture as PumpSocket, capture, signal)
    const back = await plug(pump.backend, backend, signal)
    const front = await plug(pump.frontend, frontend, signal)
    const drainsAtStop = ![frontend, backend].some(({ socket }) => SUBSCRIBERS.includes(socket.type))
    return new PumpDevice(name, pump, { frontend: front, backend: back, capture: captured }, drainsAtStop, securities)
  } catch (error) {
    await closeSecured(pump, securities)
    throw error
  }
}

async function plug(
  socket: PumpSocket,
  { bind, connect }: SecuredSide,
  signal: AbortSignal | undefined,
): Promise<Endpoints> {
  if (socket.type === 'SUB') await socket.subscribe('')
  const bound = await bindAll(bind, endpoint => socket.bind(endpoint))
  for (const endpoint of connect) await socket.connect(endpoint)
  signal?.throwIfAborted()
  // A side that was checked has an endpoint.
  return [...bound, ...connect] as readonly string[] as Endpoints
}

/** A device that is a pump. */
export class PumpDevice implements Device {
  readonly endpoints: DeviceEndpoints
  readonly ended: Promise<Error | undefined>
  readonly #name: string
  readonly #pump: Pump
  readonly #drainsAtStop: boolean
  readonly #securities: readonly ServerSecurity[]
  readonly #life: DeviceLife

  static {
    showAs(this.prototype, device => ({
      title: `Device(${device.#name})`,
      parts: { state: device.#life.state, endpoints: device.endpoints },
    }))
  }

  constructor(
    name: string,
    pump: Pump,
    endpoints: DeviceEndpoints,
    drainsAtStop: boolean,
    securities: readonly ServerSecurity[],
  ) {
    this.#life = new DeviceLife(name, systemClock)
    this.#name = name
    this.#pump = pump
    this.endpoints = endpoints
    this.#drainsAtStop = drainsAtStop
    this.#securities = securities
    this.ended = pump.ended.then(async error => {
      try {
        await closeSecured({ close: () => pump.close().catch(() => undefined) }, securities)
        return error
      } catch (late) {
        return error ?? toError(late)
      }
    })
  }

  async pause(): Promise<void> {
    await this.#running('pause').pause()
  }

  async resume(): Promise<void> {
    await this.#running('resume').resume()
  }

  async drain(options?: DrainOptions): Promise<boolean> {
    return this.#running('drain').drain(options)
  }

  async statistics(): Promise<DeviceStatistics> {
    const statistics = await this.#running('count').statistics()
    const counts = this.#securities.map(security => security.counts)
    return {
      ...statistics,
      authenticated: sum(counts.map(({ authenticated }) => authenticated)),
      denied: sum(counts.map(({ denied }) => denied)),
    }
  }

  /**
   * A ready worker has died, by its routing id. Resolves with how many requests it had.
   *
   * @throws {DeviceEndedError}
   */
  async lose(worker: string): Promise<number> {
    return this.#running('look after the workers of').lose(worker)
  }

  stop(options?: StopOptions): Promise<void> {
    return this.#life.stop(options, timeoutMs => this.#stop(timeoutMs))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeoutMs: number): Promise<void> {
    try {
      if (this.#drainsAtStop && !this.#pump.isClosed) await this.#pump.drain({ timeoutMs })
      await this.#pump.close()
    } catch {
      // The pump has failed, which `ended` tells.
    }
    await this.ended
  }

  #running(verb: string): Pump {
    if (this.#pump.isClosed) this.#life.close()
    return this.#life.running(verb, this.#pump)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
