import type { Device } from '../base/device.js'
import { startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a forwarder is made of. */
export interface ForwarderOptions extends DeviceOptions {
  /** Where publishers come to, or where they are. */
  readonly frontend: Side<'XSUB'>
  /** Where subscribers come to. */
  readonly backend: Side<'XPUB'>
}

/**
 * Starts a forwarder: what publishers in front publish reaches the subscribers behind, and their subscriptions reach
 * the publishers, so that nothing travels which nobody wants. A subscriber that is full misses messages, and stops
 * nobody; with the option `noDrop` at the backend it stops all.
 *
 * @example
 *   ;```ts
 *   await using forwarder = await startForwarder({
 *     frontend: { connect: 'tcp://192.168.55.210:5556' },
 *     backend: 'tcp://10.1.1.0:8100',
 *   })
 *   ```
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint. @throws {AddressError} When an endpoint
 *   cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {AuthenticationError} When
 *   another thread of this process authenticates clients.
 * @see startLastValueCache for subscribers that come late.
 */
export async function startForwarder({ frontend, backend, ...rest }: ForwarderOptions): Promise<Device> {
  return startTyped('forwarder', { ...rest, frontend: withType('XSUB', frontend), backend: withType('XPUB', backend) })
}
