import { expectOptions, optionNames } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { DEVICE_OPTION_NAMES, startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a streamer is made of. */
export interface StreamerOptions extends DeviceOptions {
  /** Where peers that push work connect to. */
  readonly frontend: Side<'PULL'>
  /** Where peers that pull work connect to. */
  readonly backend: Side<'PUSH'>
}

const STREAMER_OPTIONS = optionNames<StreamerOptions>({ ...DEVICE_OPTION_NAMES, frontend: true, backend: true })

/**
 * Starts a streamer: it deals out the work that peers push at the frontend to those that pull at the backend, each in
 * its turn. When all of them are full, it takes no more, and the pushing side waits.
 *
 * @example
 *   await using streamer = await startStreamer({ frontend: 'tcp://127.0.0.1:5557', backend: 'tcp://127.0.0.1:5558' })
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 */
export async function startStreamer(options: StreamerOptions): Promise<Device> {
  expectOptions('start a streamer', options, STREAMER_OPTIONS)
  const { frontend, backend, ...rest } = options
  return startTyped('streamer', { ...rest, frontend: withType('PULL', frontend), backend: withType('PUSH', backend) })
}
