import { expectOptions, optionNames } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { DEVICE_OPTION_NAMES, startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a forwarder is made of. */
export interface ForwarderOptions extends DeviceOptions {
  /** Where publishers connect to, or the endpoints of publishers to connect to. */
  readonly frontend: Side<'XSUB'>
  /** Where subscribers connect to. */
  readonly backend: Side<'XPUB'>
}

const FORWARDER_OPTIONS = optionNames<ForwarderOptions>({ ...DEVICE_OPTION_NAMES, frontend: true, backend: true })

/**
 * Starts a forwarder: messages of the publishers at the frontend reach the subscribers at the backend. Their
 * subscriptions reach the publishers, so unwanted messages are never sent. A subscriber whose queue is full misses
 * messages and does not slow the others; with the option `noDrop` at the backend it stops all.
 *
 * @example
 *   await using forwarder = await startForwarder({
 *     frontend: { connect: 'tcp://192.168.55.210:5556' },
 *     backend: 'tcp://10.1.1.0:8100',
 *   })
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @see startLastValueCache for subscribers that come late.
 */
export async function startForwarder(options: ForwarderOptions): Promise<Device> {
  expectOptions('start a forwarder', options, FORWARDER_OPTIONS)
  const { frontend, backend, ...rest } = options
  return startTyped('forwarder', { ...rest, frontend: withType('XSUB', frontend), backend: withType('XPUB', backend) })
}
