import { DescriptorLimitError, SocketError } from '../base/errors/errors.js'
import { countDescriptors, isOutOfDescriptors } from '../words/descriptors.js'
import { words } from '../words/this-thread.js'
import { settleContext } from './context-settings.js'
import type { SocketType } from './socket-type.js'
import { zeromq, type Socket } from './zeromq.js'

type NativeClass = new () => Socket

const CLASSES: Readonly<Record<SocketType, NativeClass>> = {
  PAIR: zeromq.Pair,
  REQ: zeromq.Request,
  REP: zeromq.Reply,
  DEALER: zeromq.Dealer,
  ROUTER: zeromq.Router,
  PUB: zeromq.Publisher,
  SUB: zeromq.Subscriber,
  XPUB: zeromq.XPublisher,
  XSUB: zeromq.XSubscriber,
  PUSH: zeromq.Push,
  PULL: zeromq.Pull,
  STREAM: zeromq.Stream,
}

/**
 * Makes a native socket. This is the one place where that is done; it stands inside the thread's kill gate.
 *
 * @throws {DescriptorLimitError} When the process has as many sockets or file descriptors as it may.
 * @throws {SocketError} When an option is refused.
 */
export function createNative(type: SocketType, options: object): Socket {
  settleContext()
  words.gate.enter()
  let native: Socket | undefined
  try {
    native = new CLASSES[type]()
    // The constructor would leave the socket of a refused option to the end of the process, which crashes then.
    return Object.assign(native, options)
  } catch (error) {
    native?.close()
    if (isOutOfDescriptors(error))
      throw new DescriptorLimitError(`open a ${type} socket`, countDescriptors(), 1, { cause: error })
    throw new SocketError(`Cannot open a ${type} socket: ${String(error)}; look at its options`, { cause: error })
  } finally {
    words.gate.leave()
  }
}
