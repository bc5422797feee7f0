import { startOwned, type CurveServer } from '@zera/core'
import type { PumpRule } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { startPumpDevice, type PumpDevice } from './pump-device.js'
import { bindsNothing, secureSide, type SecuredSide } from './secured-side.js'
import { checkSide, type CheckedSide, type SideOptions, type TypedSide } from './side.js'

/** Who looks on: gets a copy of each message, both ways, as far as it has room. */
export type CaptureSide = { readonly [T in 'PUB' | 'PUSH' | 'PAIR' | 'DEALER']: { readonly type: T } & SideOptions<T> }[
  | 'PUB'
  | 'PUSH'
  | 'PAIR'
  | 'DEALER']

/** What every device can be given. */
export interface DeviceOptions {
  readonly capture?: CaptureSide
  /**
   * How it encrypts what it binds, and whom it lets in; a side may have its own. Without it, it binds to loopback, ipc
   * and inproc alone; `'none'` says that other machines may reach it unencrypted. Whoever is let in to one side with
   * this is let in to all of them, a client as a worker: give sides lists of their own where that matters. Those who
   * connect are asked about in the thread that has started the device.
   *
   * What it connects to is encrypted by the keys in that side's `options`.
   */
  readonly curve?: CurveServer | 'none'
  /** Gives the start up: it rejects with the signal's reason, and leaves nothing behind. */
  readonly signal?: AbortSignal
}

/** What a proxy is made of. */
export interface ProxyOptions extends DeviceOptions {
  readonly frontend: TypedSide
  readonly backend: TypedSide
}

/**
 * Starts a proxy between two sockets of any types that go together. Messages are handed on frame by frame as they are,
 * both ways as far as the types allow, in the I/O thread: this thread may be busy meanwhile. A full side does not stop
 * what goes the other way.
 *
 * The idea is zmq_proxy_steerable, without its thread.
 *
 * @example
 *   ;```ts
 *   await using proxy = await startProxy({
 *     frontend: { type: 'PULL', bind: 'tcp://127.0.0.1:5557' },
 *     backend: { type: 'PUSH', connect: ['tcp://10.0.0.2:5558', 'tcp://10.0.0.3:5558'] },
 *   })
 *   ```
 *
 * @throws {TypeError} When an option is unknown, a side has no endpoint, or the types do not go together. @throws
 *   {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {AuthenticationError} When
 *   another thread of this process authenticates clients.
 * @see startQueue, startForwarder and startStreamer for the usual types.
 */
export function startProxy(options: ProxyOptions): Promise<Device> {
  return startTyped('proxy', options)
}

/** Starts a device under its name, with the rule that it needs. */
export function startTyped(name: string, options: ProxyOptions, rule?: PumpRule): Promise<PumpDevice> {
  return startOwned(`a ${name}`, () => openTyped(name, options, rule))
}

async function openTyped(
  name: string,
  { frontend, backend, capture, curve, signal }: ProxyOptions,
  rule?: PumpRule,
): Promise<PumpDevice> {
  const sides = [
    checkSide(name, 'frontend', frontend),
    checkSide(name, 'backend', backend),
    ...(capture === undefined ? [] : [checkSide(name, 'capture', capture)]),
  ]
  expectUse(name, sides, curve)
  signal?.throwIfAborted()
  const [front, back, captured] = (await secureAll(`start the ${name}`, sides, curve)) as [
    SecuredSide,
    SecuredSide,
    SecuredSide?,
  ]
  return startPumpDevice({ frontend: front, backend: back, capture: captured, rule, name, signal })
}

/** Who gives keys means that something is encrypted by them. */
function expectUse(name: string, sides: readonly CheckedSide[], curve: DeviceOptions['curve']): void {
  const given = [{ curve, sides }, ...sides.map(side => ({ curve: side.curve, sides: [side] }))]
  const isUseless = given.some(({ curve: keys, sides: users }) => typeof keys === 'object' && bindsNothing(users))
  if (isUseless)
    throw new TypeError(
      `Cannot start a ${name}: curve is for endpoints that are bound to ipc or tcp, and none is; give what connects its keys in options, as curveClient makes them`,
    )
}

async function secureAll(
  action: string,
  sides: readonly CheckedSide[],
  curve: DeviceOptions['curve'],
): Promise<readonly SecuredSide[]> {
  const secured: SecuredSide[] = []
  try {
    for (const side of sides) secured.push(await secureSide(action, side, curve))
    return secured
  } catch (error) {
    for (const { security } of secured) await security.release()
    throw error
  }
}
