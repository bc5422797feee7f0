import type { SocketType } from '@zera/core'
import { expectOptions, optionNames } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { DEVICE_OPTION_NAMES, startTyped, type DeviceOptions, type ProxyOptions } from './proxy.js'
import { startQueue } from './queue.js'
import { withType, type Side } from './side.js'

/** The patterns of a bridge, with the types of its own sockets. Messages come from `near` and go to `far`. */
const PATTERNS = {
  requests: { near: 'ROUTER', far: 'DEALER' },
  publications: { near: 'XSUB', far: 'XPUB' },
  tasks: { near: 'PULL', far: 'PUSH' },
  pair: { near: 'PAIR', far: 'PAIR' },
} as const satisfies Readonly<Record<string, { near: SocketType; far: SocketType }>>

/**
 * The peers that a bridge connects: clients and servers, publishers and subscribers, pushers and pullers of work, or
 * two PAIRs.
 */
export type BridgePattern = keyof typeof PATTERNS

/** What a bridge is made of. */
export interface BridgeOptions<P extends BridgePattern = BridgePattern> extends DeviceOptions {
  readonly pattern: P
  /** The side that begins: clients, publishers, or peers that push work. */
  readonly near: Side<(typeof PATTERNS)[P]['near']>
  /** The side that they address: servers, subscribers, or peers that pull work. */
  readonly far: Side<(typeof PATTERNS)[P]['far']>
}

const BRIDGE_OPTIONS = optionNames<BridgeOptions>({ ...DEVICE_OPTION_NAMES, pattern: true, near: true, far: true })

/**
 * Starts a bridge between transports. Sockets of one pattern on `inproc://`, `ipc://` or `tcp://` on one side talk to
 * sockets on any transport on the other, without knowing of the bridge. A side may have endpoints of several transports
 * at a time, and its own encryption: its `curve` for what it binds, the keys in its `options` for what it connects to.
 *
 * `inproc://` endpoints belong to this process: all threads of Zera, and sockets of zeromq.js in the main thread, can
 * meet there.
 *
 * @example
 *   await using bridge = await startBridge({
 *     pattern: 'requests',
 *     near: ['inproc://service', 'ipc:///run/service.ipc'],
 *     far: { connect: 'tcp://10.0.0.2:5555' },
 *   })
 *
 * @throws {TypeError} When an option or the pattern is unknown, or a side has no endpoint.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 */
export async function startBridge<P extends BridgePattern>(options: BridgeOptions<P>): Promise<Device> {
  expectOptions('start a bridge', options, BRIDGE_OPTIONS)
  const { pattern, near, far, ...rest } = options
  if (!Object.hasOwn(PATTERNS, pattern))
    throw new TypeError(
      `Cannot start a bridge: there is no pattern ${pattern}; there are ${Object.keys(PATTERNS).join(', ')}`,
    )
  if (pattern === 'requests')
    return startQueue({ ...rest, frontend: near as Side<'ROUTER'>, backend: far as Side<'DEALER'> })
  const types = PATTERNS[pattern]
  // The types of both sides belong to the pattern, which the compiler cannot follow through the table.
  const sides = {
    frontend: withType(types.near, near as Side<typeof types.near>),
    backend: withType(types.far, far as Side<typeof types.far>),
  } as Pick<ProxyOptions, 'frontend' | 'backend'>
  return startTyped('bridge', { ...rest, ...sides })
}
