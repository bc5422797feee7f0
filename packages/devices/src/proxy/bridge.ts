import type { SocketType } from '@zera/core'
import type { Device } from '../base/device.js'
import { startTyped, type DeviceOptions, type ProxyOptions } from './proxy.js'
import { startQueue } from './queue.js'
import { withType, type Side } from './side.js'

/**
 * What talks across a bridge, with the types of its own sockets: `near` is where messages come from, `far` where they
 * go to.
 */
const PATTERNS = {
  requests: { near: 'ROUTER', far: 'DEALER' },
  publications: { near: 'XSUB', far: 'XPUB' },
  tasks: { near: 'PULL', far: 'PUSH' },
  pair: { near: 'PAIR', far: 'PAIR' },
} as const satisfies Readonly<Record<string, { near: SocketType; far: SocketType }>>

/**
 * What talks across a bridge: clients with servers, publishers with subscribers, those who push work with those who
 * pull it, or two PAIRs.
 */
export type BridgePattern = keyof typeof PATTERNS

/** What a bridge is made of. */
export interface BridgeOptions<P extends BridgePattern = BridgePattern> extends DeviceOptions {
  readonly pattern: P
  /** The side of those who begin: clients, publishers, those who push work. */
  readonly near: Side<(typeof PATTERNS)[P]['near']>
  /** The side of those who are meant: servers, subscribers, those who pull work. */
  readonly far: Side<(typeof PATTERNS)[P]['far']>
}

/**
 * Starts a bridge between transports: sockets of one pattern that are plugged to `inproc://`, `ipc://` or `tcp://` on
 * one side talk with those of any transport on the other, and none of them knows. A side may have endpoints of several
 * transports at a time, and encryption of its own: what it binds by its `curve`, what it connects to by the keys in its
 * `options`.
 *
 * `inproc://` endpoints are those of this process: all threads of Zera, and sockets of zeromq.js in the main thread,
 * meet there.
 *
 * @example
 *   ;```ts
 *   await using bridge = await startBridge({
 *     pattern: 'requests',
 *     near: ['inproc://service', 'ipc:///run/service.ipc'],
 *     far: { connect: 'tcp://10.0.0.2:5555' },
 *   })
 *   ```
 *
 * @throws {TypeError} When an option or the pattern is unknown, or a side has no endpoint. @throws {AddressError} When
 *   an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {AuthenticationError} When
 *   another thread of this process authenticates clients.
 */
export async function startBridge<P extends BridgePattern>({
  pattern,
  near,
  far,
  ...rest
}: BridgeOptions<P>): Promise<Device> {
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
