import type { Socket } from 'zeromq'

/** Milliseconds that ZeroMQ may need beyond its own time to let go of a socket, on a machine that is busy. */
const SLACK_MS = 1000

/** When all sockets have had their time, on `performance.now()`. */
let overAt = 0
const open = new Set<Promise<void>>()

/**
 * Notes that a socket is about to be closed with messages that may wait in it. Only for the I/O thread: it has a native operation pending until ZeroMQ has let go of the socket (hazard H1).
 *
 * zeromq.js warns on the standard error when the end of the process has to wait for such messages, so whoever ends it waits before.
 *
 * @param isFollowed Whether somebody else hears when ZeroMQ has let go of it.
 */
export function noteLingering(native: Socket, lingerMs: number, isFollowed: boolean): void {
  // What has no limit is waited for by ZeroMQ, and its warning says why.
  if (lingerMs > 0) overAt = Math.max(overAt, performance.now() + lingerMs)
  if (isFollowed || lingerMs <= 0) return
  const ended = follow(native).finally(() => open.delete(ended))
  open.add(ended)
}

/** Milliseconds until all messages that wait in closed sockets are sent or given up, at most. */
export function lingeringMs(): number {
  const leftMs = overAt - performance.now()
  return leftMs > 0 ? Math.ceil(leftMs) + SLACK_MS : 0
}

/** Resolves when ZeroMQ has let go of all sockets that were noted. */
export async function lingered(): Promise<void> {
  await Promise.all(open)
}

/** Its monitor ends with a socket. */
async function follow(native: Socket): Promise<void> {
  try {
    for await (const event of native.events) void event
  } catch {
    // It was closed in the middle of an event.
  }
}
