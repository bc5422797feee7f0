import type { SocketType } from '../native/socket-type.js'
import { threadName } from '../words/this-thread.js'

/** What is left of a socket in a message to another thread. */
export interface SocketOrigin {
  readonly type: SocketType
  /** The thread that owns it. */
  readonly owner: string
}

const origins = new WeakMap<object, SocketOrigin>()

/** Notes that a socket belongs to this thread. */
export function noteOwned(socket: object, type: SocketType): void {
  origins.set(socket, { type, owner: threadName })
}

/** Where a value comes from, if it is a socket. */
export function originOf(value: object): SocketOrigin | undefined {
  return origins.get(value)
}
