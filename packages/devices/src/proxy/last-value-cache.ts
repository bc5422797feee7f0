import { expectOptions, optionNames } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { DEVICE_OPTION_NAMES, startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a last-value cache is made of. */
export interface LastValueCacheOptions extends DeviceOptions {
  /** Where publishers connect to, or the endpoints of publishers to connect to. */
  readonly frontend: Side<'SUB'>
  /** Where subscribers connect to. */
  readonly backend: Side<'XPUB'>
  /**
   * How many keys it knows; a key is the first frame of a message. Default 10,000. A subscriber that asks for more keys
   * at once than its high-water mark, 1,000 by default, misses some.
   */
  readonly maxKeys?: number | undefined
  /**
   * What happens to a new key when the cache is full: `'forget-oldest'`, the default, forgets the key that was
   * published least recently; `'refuse-new'` forwards the new one without keeping it. Both are counted.
   */
  readonly whenFull?: 'forget-oldest' | 'refuse-new' | undefined
}

const CACHE_OPTIONS = optionNames<LastValueCacheOptions>({
  ...DEVICE_OPTION_NAMES,
  frontend: true,
  backend: true,
  maxKeys: true,
  whenFull: true,
})
const DEFAULT_MAX_KEYS = 10_000

/**
 * Starts a last-value cache: a forwarder that sends each new subscriber the last message of every matching key at once,
 * and then all that is published. So a subscriber knows the current state without waiting for the next update.
 *
 * ZeroMQ cannot publish to a single subscriber, so existing subscribers of the same keys get that message once more; it
 * is never older than what they have. The cache subscribes to everything at the frontend, since it cannot know what
 * subscribers will ask for.
 *
 * The idea is zguide's "last value caching", chapter 5.
 *
 * @example
 *   await using cache = await startLastValueCache({
 *     frontend: 'tcp://127.0.0.1:5557',
 *     backend: 'tcp://127.0.0.1:5558',
 *     maxKeys: 1000,
 *   })
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint.
 * @throws {RangeError} When `maxKeys` is out of its range.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 */
export async function startLastValueCache(options: LastValueCacheOptions): Promise<Device> {
  expectOptions('start a last-value cache', options, CACHE_OPTIONS)
  const { frontend, backend, maxKeys = DEFAULT_MAX_KEYS, whenFull = 'forget-oldest', ...rest } = options
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
