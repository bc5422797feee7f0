import { startOwned, type CurveServer } from '@zera/core'
import { SIGNAL, expectOptions, optionNames } from '@zera/core/internal'
import type { PumpRule } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { startPumpDevice, type PumpDevice } from './pump-device.js'
import { bindsNothing, secureSide, type SecuredSide } from './secured-side.js'
import { checkSide, type CheckedSide, type SideOptions, type TypedSide } from './side.js'

/** An observer: it gets a copy of each message, both ways, as far as it has room. */
export type CaptureSide = { readonly [T in 'PUB' | 'PUSH' | 'PAIR' | 'DEALER']: { readonly type: T } & SideOptions<T> }[
  | 'PUB'
  | 'PUSH'
  | 'PAIR'
  | 'DEALER']

/** The options of every device. */
export interface DeviceOptions {
  readonly capture?: CaptureSide | undefined
  /**
   * How it encrypts what it binds, and which clients it lets in; a side may have its own setting. Without `curve`, it
   * binds only to loopback, ipc and inproc; `'none'` allows other machines to reach it unencrypted. This setting admits
   * a client to all sides, so a client can act as a worker: give the sides lists of their own where that matters. The
   * thread that started the device authenticates the clients.
   *
   * The keys in a side's `options` encrypt what that side connects to.
   */
  readonly curve?: CurveServer | 'none' | undefined
  /** Cancels the start: it rejects with the signal's reason, and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
}

/** The names of its options, for what has more. */
export const DEVICE_OPTION_NAMES = { capture: true, curve: true, signal: SIGNAL } as const

/** What a proxy is made of. */
export interface ProxyOptions extends DeviceOptions {
  readonly frontend: TypedSide
  readonly backend: TypedSide
}

const PROXY_OPTIONS = optionNames<ProxyOptions>({ ...DEVICE_OPTION_NAMES, frontend: true, backend: true })

/**
 * Starts a proxy between two sockets of any types that go together. The I/O thread forwards messages unchanged, frame
 * by frame, both ways as far as the types allow. This thread may be busy meanwhile. A full side does not stop messages
 * in the other direction.
 *
 * The idea is zmq_proxy_steerable, without its thread.
 *
 * @example
 *   await using proxy = await startProxy({
 *     frontend: { type: 'PULL', bind: 'tcp://127.0.0.1:5557' },
 *     backend: { type: 'PUSH', connect: ['tcp://10.0.0.2:5558', 'tcp://10.0.0.3:5558'] },
 *   })
 *
 * @throws {TypeError} When an option is unknown, a side has no endpoint, or the types do not go together.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @see startQueue, startForwarder and startStreamer for the usual types.
 */
export async function startProxy(options: ProxyOptions): Promise<Device> {
  expectOptions('start a proxy', options, PROXY_OPTIONS)
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

/** A caller that gives keys expects them to encrypt something. */
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
