import type { Device } from '../base/device.js'
import { startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a last-value cache is made of. */
export interface LastValueCacheOptions extends DeviceOptions {
  /** Where publishers come to, or where they are. */
  readonly frontend: Side<'SUB'>
  /** Where subscribers come to. */
  readonly backend: Side<'XPUB'>
  /**
   * How many keys it knows; a key is the first frame of a message. Default 10,000. A subscriber that asks for more keys
   * at once than its high-water mark, 1,000 by default, misses some.
   */
  readonly maxKeys?: number
  /**
   * What a new key does when there are as many: `'forget-oldest'`, the default, forgets the key that was published
   * least recently; `'refuse-new'` forwards the new one without keeping it. Both are counted.
   */
  readonly whenFull?: 'forget-oldest' | 'refuse-new'
}

const DEFAULT_MAX_KEYS = 10_000

/**
 * Starts a last-value cache: a forwarder that gives whoever subscribes the last message of each key that matches, at
 * once, and what is published from then on. So nobody has to wait for the next update to know where things stand.
 *
 * ZeroMQ cannot publish to one subscriber alone, so those who have the same keys already get that message once more; it
 * is never older than what they have. It subscribes to everything in front, since nobody knows what will be asked for.
 *
 * The idea is zguide's "last value caching", chapter 5.
 *
 * @example
 *   ;```ts
 *   await using cache = await startLastValueCache({
 *     frontend: 'tcp://127.0.0.1:5557',
 *     backend: 'tcp://127.0.0.1:5558',
 *     maxKeys: 1000,
 *   })
 *   ```
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint. @throws {RangeError} When `maxKeys` is out
 *   of its range. @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {AuthenticationError} When
 *   another thread of this process authenticates clients.
 */
export async function startLastValueCache({
  frontend,
  backend,
  maxKeys = DEFAULT_MAX_KEYS,
  whenFull = 'forget-oldest',
  ...rest
}: LastValueCacheOptions): Promise<Device> {
  if (whenFull !== 'forget-oldest' && whenFull !== 'refuse-new')
    throw new TypeError(
      `Cannot start a last-value cache: whenFull may not be ${String(whenFull)}; it is forget-oldest or refuse-new`,
    )
  return startTyped(
    'last-value cache',
    { ...rest, frontend: withType('SUB', frontend), backend: withType('XPUB', backend) },
    { kind: 'last-values', maxKeys, whenFull },
  )
}
