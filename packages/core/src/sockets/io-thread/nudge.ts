import { type Socket, zeromq } from '../../native/zeromq.js'

// eslint-disable-next-line typescript/unbound-method
const { send } = zeromq.Push.prototype as unknown as { send(this: Socket, frames: readonly never[]): Promise<void> }
// eslint-disable-next-line typescript/unbound-method
const { receive } = zeromq.Pull.prototype as unknown as { receive(this: Socket): Promise<Buffer[]> }

/**
 * Makes zeromq.js look whether a receive that is pending can go on. To bind or connect may bring messages, or eat the
 * signal of some that came, and zeromq.js looks only when there is a signal, and after each send; so this sends
 * nothing: no frames.
 */
export function nudgeReceive(native: Socket): void {
  const options = native as unknown as { sendTimeout: number }
  const before = options.sendTimeout
  // With a time-out the send of nothing would wait for room.
  setSendTimeout(native, 0)
  try {
    send.call(native, []).catch(() => undefined)
  } catch {
    // A send is pending, which looks itself when it goes on.
  }
  setSendTimeout(native, before ?? -1)
}

/**
 * Makes zeromq.js look whether a send that is pending can go on, by a receive, which gives what it brought. Not for
 * sockets with a receive pending.
 */
export async function nudgeSend(native: Socket): Promise<Buffer[] | undefined> {
  setReceiveTimeout(native, 0)
  const received = receive.call(native).catch(() => undefined)
  setReceiveTimeout(native, -1)
  return received
}

// The options have names only on the types that send or receive; all have the numbers, ZMQ_SNDTIMEO and ZMQ_RCVTIMEO.
function setSendTimeout(native: Socket, ms: number): void {
  setInt32Option(native, 28, ms)
}

function setReceiveTimeout(native: Socket, ms: number): void {
  setInt32Option(native, 27, ms)
}

function setInt32Option(native: Socket, option: number, value: number): void {
  ;(native as unknown as { setInt32Option(option: number, value: number): void }).setInt32Option(option, value)
}
