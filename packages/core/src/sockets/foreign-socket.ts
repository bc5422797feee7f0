import { SocketError } from '../base/errors/errors.js'
import { threadName } from '../words/this-thread.js'
import { type SocketOrigin } from './socket-ownership.js'

/**
 * What becomes of a socket in another thread: every use throws, naming both threads. A socket belongs to the thread
 * that opened it, as the guide has it; what travels is messages.
 *
 * @throws {SocketError} At every use.
 */
export function foreignSocket({ type, owner }: SocketOrigin): object {
  const refuse = (_target: object, property: string | symbol): unknown => {
    // Code that awaits or prints it does not use it.
    if (
      (typeof property === 'symbol' && property !== Symbol.asyncIterator && property !== Symbol.asyncDispose) ||
      property === 'then'
    )
      return undefined
    if (property === 'type') return type
    throw new SocketError(
      `Cannot use ${String(property)} of a ${type} socket in ${threadName}: it belongs to ${owner}; open a socket here, or send messages to ${owner}`,
    )
  }
  return new Proxy({}, { get: refuse })
}
