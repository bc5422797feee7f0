import { type CurveServer, secureServer, type ServerSecurity } from '@zera/core'
import type { CheckedSide } from './side.js'

/** A side that may be bound: it has keys, other machines cannot reach it, or the caller allows them to. */
export interface SecuredSide extends Pick<CheckedSide, 'socket' | 'bind' | 'connect'> {
  /** Is released when the side's socket is closed. */
  readonly security: ServerSecurity
}

/**
 * Secures what a side binds, with its own `curve` or else that of its device. A side whose socket options have keys
 * keeps those.
 *
 * @throws {CurveRequiredError}
 * @throws {AuthenticationError}
 * @throws {RangeError} As `secureServer`.
 * @throws {TypeError} When a side has two kinds of keys, or one that is to encrypt what it binds connects as well: a
 *   socket is the server of all its connections, or of none.
 */
export async function secureSide(
  action: string,
  { socket, bind, connect, curve: own }: CheckedSide,
  ofDevice: CurveServer | 'none' | undefined,
): Promise<SecuredSide> {
  const options = socket.options ?? {}
  const curve = own ?? ofDevice
  const hasKeys = options.curveServer === true || options.curveServerKey !== undefined
  if (hasKeys && typeof own === 'object')
    throw new TypeError(`Cannot ${action}: a side has curve, and keys in its options; give it one of them`)
  // Threads of this process talk over inproc without a handshake.
  const listens = !hasKeys && bind.some(isOutside)
  if (!listens) return { socket, bind, connect, security: await secureServer(action, [], undefined) }
  if (typeof curve === 'object' && connect.some(isOutside))
    throw new TypeError(
      `Cannot ${action}: a side with curve binds ${bind.join(', ')} and connects to ${connect.join(', ')}; a socket cannot be a CURVE server to some and a client to others, so take two devices`,
    )
  const security = await secureServer(action, bind, curve)
  return {
    socket: { ...socket, options: { ...options, ...security.directOptions } } as SecuredSide['socket'],
    bind,
    connect,
    security,
  }
}

/** Whether keys of a device, or a side, would be used by none of its sockets. */
export function bindsNothing(sides: readonly CheckedSide[]): boolean {
  return !sides.some(({ bind }) => bind.some(isOutside))
}

function isOutside(endpoint: string): boolean {
  return !endpoint.startsWith('inproc:')
}
