import { monotonicMs } from '../../../base/runtime/real-timers.js'
import type { Socket } from '../../../native/zeromq.js'
import { NativeEvents } from '../monitor/native-events.js'

/** Milliseconds that ZeroMQ may need beyond its own time to let go of a socket, on a machine that is busy. */
const SLACK_MS = 1000

/** When all sockets have had their time, on `performance.now()`. */
let overAt = 0
const open = new Set<Promise<void>>()

/**
 * Records that a socket is about to close while messages may still wait in it. Only for the I/O thread: it has a native
 * operation pending until ZeroMQ has let go of the socket (hazard H1).
 *
 * Zeromq.js warns on standard error when the end of the process has to wait for such messages. So the code that ends
 * the process waits before that.
 */
export function noteLingering(native: Socket, lingerMs: number): void {
  if (lingerMs <= 0) return
  // What has no limit is waited for by ZeroMQ, and its warning says why.
  overAt = Math.max(overAt, monotonicMs() + lingerMs)
  const ended = endOf(native).finally(() => open.delete(ended))
  open.add(ended)
}

/** Milliseconds until all messages that wait in closed sockets are sent or given up, at most. */
export function lingeringMs(): number {
  const leftMs = overAt - monotonicMs()
  return leftMs > 0 ? Math.ceil(leftMs) + SLACK_MS : 0
}

/** Resolves when ZeroMQ has let go of all sockets that were noted. */
export async function lingered(): Promise<void> {
  await Promise.all(open)
}

/** Its monitor ends with a socket. */
async function endOf(native: Socket): Promise<void> {
  try {
    await NativeEvents.of(native).ended
  } catch {
    // There is no descriptor for it.
  }
}
