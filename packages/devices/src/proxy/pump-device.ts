import { openPump, type DrainOptions, type Pump, type PumpRule, type PumpSocket, type SocketType, type StopOptions } from '@zera/core'
import type { Device, DeviceEndpoints, DeviceStatistics } from '../device.js'
import { DeviceEndedError } from '../errors.js'
import type { CheckedSide } from './side.js'

/** What a device is, checked. */
export interface PumpDeviceOptions {
  readonly name: string
  readonly frontend: CheckedSide
  readonly backend: CheckedSide
  readonly capture: CheckedSide | undefined
  readonly rule: PumpRule | undefined
  readonly signal: AbortSignal | undefined
}

/** What comes to these never ends, and those who send it do not wait for anybody. */
const SUBSCRIBERS: readonly SocketType[] = ['SUB', 'XSUB']

/** Starts a device that is a pump of core's, plugged in. */
export async function startPumpDevice({ name, frontend, backend, capture, rule, signal }: PumpDeviceOptions): Promise<PumpDevice> {
  signal?.throwIfAborted()
  const pump = await openPump({
    frontend: frontend.socket,
    backend: backend.socket,
    ...(capture === undefined ? {} : { capture: capture.socket }),
    ...(rule === undefined ? {} : { rule }),
  })
  try {
    // Those who look on and those who take come first, so that the first message finds them.
    const captured = capture === undefined ? [] : await plug(pump.capture as PumpSocket, capture, signal)
    const back = await plug(pump.backend, backend, signal)
    const front = await plug(pump.frontend, frontend, signal)
    const drainsAtStop = ![frontend, backend].some(({ socket }) => SUBSCRIBERS.includes(socket.type))
    return new PumpDevice(name, pump, { frontend: front, backend: back, capture: captured }, drainsAtStop)
  } catch (error) {
    await pump.close()
    throw error
  }
}

async function plug(socket: PumpSocket, { bind, connect }: CheckedSide, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const endpoints: string[] = []
  if (socket.type === 'SUB') await socket.subscribe('')
  for (const endpoint of bind) endpoints.push(await socket.bind(endpoint))
  for (const endpoint of connect) {
    await socket.connect(endpoint)
    endpoints.push(endpoint)
  }
  signal?.throwIfAborted()
  return endpoints
}

/** A device that is a pump. */
export class PumpDevice implements Device {
  readonly endpoints: DeviceEndpoints
  readonly ended: Promise<Error | undefined>
  readonly #name: string
  readonly #pump: Pump
  readonly #drainsAtStop: boolean
  #stopping: Promise<void> | undefined

  constructor(name: string, pump: Pump, endpoints: DeviceEndpoints, drainsAtStop: boolean) {
    this.#name = name
    this.#pump = pump
    this.endpoints = endpoints
    this.#drainsAtStop = drainsAtStop
    this.ended = pump.ended.then(async error => {
      await pump.close().catch(() => undefined)
      return error
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
    return this.#running('count').statistics()
  }

  /** A ready worker has died, by its routing id. Resolves with how many requests it had. @throws {DeviceEndedError} */
  async lose(worker: string): Promise<number> {
    return this.#running('look after the workers of').lose(worker)
  }

  stop(options?: StopOptions): Promise<void> {
    this.#stopping ??= this.#stop(options)
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop({ deadlineMs }: StopOptions = {}): Promise<void> {
    try {
      if (this.#drainsAtStop && !this.#pump.isClosed) await this.#pump.drain(deadlineMs === undefined ? {} : { deadlineMs })
      await this.#pump.close()
    } catch {
      // The pump has failed, which `ended` tells.
    }
    await this.ended
  }

  #running(verb: string): Pump {
    if (this.#stopping !== undefined || this.#pump.isClosed) throw new DeviceEndedError(this.#name, verb)
    return this.#pump
  }
}
