import { expectOwner } from '../../base/owning/owner.js'
import { SOCKET_TRAITS, type SocketType } from '../../native/socket-type.js'
import { checkOptions, type SocketOptions } from '../options/socket-options.js'
import type { Sockets } from '../socket.js'
import { ioAccess } from './io-access.js'
import { IoSocket } from './io-socket.js'

/**
 * Opens a socket, in any thread that Zera knows. Configure it before you plug it in. The code that opened it closes it;
 * a socket that an actor opened is closed with the actor's instance.
 *
 * The native socket lives in the I/O thread, so this thread may die at any moment, and may compute while messages
 * travel.
 *
 * @example
 *   await using server = await openSocket('REP')
 *   await server.bind('tcp://127.0.0.1:5555')
 *   for await (const [request] of server) await server.send(`World, you said ${request}`)
 *
 * @param type `SOCKET_TRAITS[type].peers` lists the types that it may be plugged to.
 * @throws {TypeError} When the type or an option is unknown.
 * @throws {RangeError} When an option is out of its range.
 * @throws {SocketError} In a worker that Zera did not start.
 * @throws {ScopeClosedError} In the code of an actor whose instance has ended.
 */
export async function openSocket<T extends SocketType>(type: T, options: SocketOptions[T] = {}): Promise<Sockets[T]> {
  if (!Object.hasOwn(SOCKET_TRAITS, type))
    throw new TypeError(
      `Cannot open a socket: there is no type ${type}; there are ${Object.keys(SOCKET_TRAITS).join(', ')}`,
    )
  const checked = checkOptions(type, options)
  expectOwner(`open a ${type} socket`)
  const { client, keepAlive } = await ioAccess()
  expectOwner(`open a ${type} socket`)
  const socket = new IoSocket(type, client, checked, keepAlive)
  await socket.open()
  return socket
}
