import type { PumpRule } from '@zera/core'
import type { Device } from '../device.js'
import { startPumpDevice, type PumpDevice } from './pump-device.js'
import { checkSide, type SideOptions, type TypedSide } from './side.js'

/** Who looks on: gets a copy of each message, both ways, as far as it has room. */
export type CaptureSide = { readonly [T in 'PUB' | 'PUSH' | 'PAIR' | 'DEALER']: { readonly type: T } & SideOptions<T> }['PUB' | 'PUSH' | 'PAIR' | 'DEALER']

/** What every device can be given. */
export interface DeviceOptions {
  readonly capture?: CaptureSide
  /** Gives the start up: it rejects with the signal's reason, and leaves nothing behind. */
  readonly signal?: AbortSignal
}

/** What a proxy is made of. */
export interface ProxyOptions extends DeviceOptions {
  readonly frontend: TypedSide
  readonly backend: TypedSide
}

/**
 * Starts a proxy between two sockets of any types that go together. Messages are handed on frame by frame as they are, both ways as far as the types allow, in
 * the I/O thread: this thread may be busy meanwhile. A full side does not stop what goes the other way.
 *
 * The idea is zmq_proxy_steerable, without its thread.
 *
 * @throws {TypeError} When an option is unknown, a side has no endpoint, or the types do not go together. @throws {AddressError} When an endpoint cannot be bound.
 * @see startQueue, startForwarder and startStreamer for the usual types.
 * @example
 * ```ts
 * await using proxy = await startProxy({
 *   frontend: { type: 'PULL', bind: 'tcp://127.0.0.1:5557' },
 *   backend: { type: 'PUSH', connect: ['tcp://10.0.0.2:5558', 'tcp://10.0.0.3:5558'] },
 * })
 * ```
 */
export function startProxy(options: ProxyOptions): Promise<Device> {
  return startTyped('proxy', options)
}

/** Starts a device under its name, with the rule that it needs. */
export async function startTyped(name: string, { frontend, backend, capture, signal }: ProxyOptions, rule?: PumpRule): Promise<PumpDevice> {
  return startPumpDevice({
    frontend: checkSide(name, 'frontend', frontend),
    backend: checkSide(name, 'backend', backend),
    capture: capture === undefined ? undefined : checkSide(name, 'capture', capture),
    rule,
    name,
    signal,
  })
}
